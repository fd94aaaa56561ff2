package store_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"twinrig/hub"
	"twinrig/hub/store"
)

type deafSession struct{ desired []string }

func (d *deafSession) Method(hub.MethodRequest) error { return hub.ErrNotSubscribed }
func (d *deafSession) Desired(v int64, patch []byte)  { d.desired = append(d.desired, string(patch)) }
func (d *deafSession) CommandsWaiting()               {}
func (d *deafSession) Close(hub.CloseReason)          {}

func TestSmoke(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		s, err := store.Open(ctx, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		h, err := hub.New(hub.Config{HostName: "hub.local"}, s)
		if err != nil {
			t.Fatal(err)
		}
		d, err := h.CreateDevice(ctx, hub.Device{ID: "truck*1.a"})
		if err != nil {
			t.Fatal(err)
		}
		sess := &deafSession{}
		c, err := h.Connect(ctx, hub.ConnectInfo{DeviceID: d.ID}, sess)
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		for i := range 288 {
			done := make(chan error, 1)
			c.Telemetry(hub.Message{Body: fmt.Appendf(nil, "%d", i)}, func(err error) { done <- err })
			if err := <-done; err != nil {
				t.Fatal(err)
			}
			time.Sleep(5 * time.Minute)
		}
		t.Log(time.Since(start))
		n := 0
		for p := range h.Partitions() {
			for e, err := range h.Events(ctx, p, 0, false) {
				if err != nil {
					t.Fatal(err)
				}
				n++
				_ = e
			}
		}
		t.Log(n)
		tw, err := h.PatchTwin(ctx, d.ID, []byte(`{"tags":{"a":1},"properties":{"desired":{"x":{"y":null,"z":"q"}}}}`), "*")
		t.Logf("%+v %v %s %s", tw.ETag, err, tw.Properties.Desired, sess.desired)
		for range 3 {
			if _, err := h.Enqueue(ctx, d.ID, hub.Message{Body: []byte("hi")}); err != nil {
				t.Fatal(err)
			}
		}
		for {
			lc, ok, err := c.NextCommand(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if !ok {
				break
			}
			t.Log(lc.LockToken, lc.DeliveryCount, c.Complete(ctx, lc.LockToken))
		}
		if err := h.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	})
}
