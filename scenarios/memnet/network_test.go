package memnet_test

import (
	"context"
	"errors"
	"io"
	"net"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"twinrig/scenarios/memnet"
)

func TestDialErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := memnet.New(1)
		if _, err := n.Dial(t.Context(), "truck-1", "hub:8883"); !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("dial to nobody: %v", err)
		}
		l, err := n.Listen("hub:8883")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := n.Listen("hub:8883"); !errors.Is(err, syscall.EADDRINUSE) {
			t.Errorf("second listener: %v", err)
		}
		if c, err := n.Dial(t.Context(), "truck-1", "hub:8883"); err != nil {
			t.Errorf("dial: %v", err)
		} else {
			defer c.Close()
		}
		l.Close()
		if _, err := n.Dial(t.Context(), "truck-1", "hub:8883"); !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("dial to a closed listener: %v", err)
		}
		if l, err = n.Listen("hub:8883"); err != nil {
			t.Errorf("listen again: %v", err)
		} else {
			l.Close()
		}
	})
}

// A dial waits for room in the backlog no longer than its context says.
func TestBacklog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := memnet.New(1)
		l, _ := n.Listen("hub:8883")
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		var err error
		count := 0
		for err == nil {
			_, err = n.Dial(ctx, "truck-1", "hub:8883")
			count++
		}
		if count != 129 || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("dial %d failed with %v, want the 129th at its deadline", count, err)
		}
		l.Close()
	})
}

// Closing a listener resets what nobody accepted and ends Accept.
func TestListenerClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := memnet.New(1)
		l, _ := n.Listen("hub:8883")
		c, err := n.Dial(t.Context(), "truck-1", "hub:8883")
		if err != nil {
			t.Fatal(err)
		}
		l.Close()
		if _, err := c.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("read from a connection nobody accepted: %v", err)
		}
		if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
			t.Errorf("accept on a closed listener: %v", err)
		}
	})
}

func BenchmarkRoundTrip(b *testing.B) {
	client, server := pair(b, memnet.New(1))
	defer client.Close()
	go func() {
		defer server.Close()
		io.Copy(server, server)
	}()
	message := make([]byte, 256)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := client.Write(message); err != nil {
			b.Fatal(err)
		}
		if _, err := io.ReadFull(client, message); err != nil {
			b.Fatal(err)
		}
	}
}
