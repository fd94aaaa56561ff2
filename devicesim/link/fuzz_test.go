package link_test

import (
	"context"
	"encoding/hex"
	"testing"
	"testing/synctest"
	"time"

	"twinrig/devicesim/link"
)

// FuzzHubBytes: whatever a hub sends, the link neither panics, nor hangs, nor
// leaves a goroutine behind. early sends it in place of CONNACK.
func FuzzHubBytes(f *testing.F) {
	for _, s := range []string{
		"20020000",                  // CONNACK
		"2003000000",                // CONNACK of MQTT 5
		"2003008700",                // refused
		"90020001",                  // SUBACK without codes
		"9000",                      // SUBACK that makes at-wat/mqtt-go panic
		"40020001",                  // PUBACK nobody waits for
		"50020001",                  // PUBREC nobody waits for
		"62020001",                  // PUBREL
		"d000",                      // PINGRESP
		"e000",                      // DISCONNECT
		"e0028e00",                  // taken over
		"f0021800",                  // AUTH, a challenge
		"f000",                      // AUTH
		"30ffffffff7f",              // a packet of 4 GiB
		"30ffffffffffffffffff7f",    // and of more than an int
		"300900072469" + "6f746875", // cut off
		"3200",                      // PUBLISH without a topic
		"32070003612f620000" + "78", // packet id 0
		"30070001610572000000",      // malformed properties
	} {
		b, err := hex.DecodeString(s)
		if err != nil {
			f.Fatal(err)
		}
		for i := range protocols {
			f.Add(i == 1, false, b)
			f.Add(i == 1, true, b)
		}
	}
	f.Fuzz(func(t *testing.T, five, early bool, b []byte) {
		synctest.Test(t, func(t *testing.T) {
			i := 0
			if five {
				i = 1
			}
			hub, h, l := device(t, i, nil)
			talk(hub, h, l, early, b)
			if err := l.Close(t.Context()); err != nil {
				t.Error(err)
			}
			hub.hangUp()
			time.Sleep(time.Minute) // for the fake hub
		})
	})
}

func talk(hub *fakeHub, h *recorder, l link.Link, early bool, b []byte) {
	if early {
		hub.silence("CONNECT")
		time.AfterFunc(time.Second, func() {
			hub.raw(b)
			hub.hangUp()
		})
	}
	if l.Connect(context.Background(), h) != nil {
		return
	}
	if !early {
		hub.raw(b)
	}
	synctest.Wait()
	_ = l.Send(context.Background(), link.Message{}) // works or not: the bytes decide
	_, _, _ = l.Twin(context.Background())
}
