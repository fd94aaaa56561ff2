package memnet_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/nettest"
	"pgregory.net/rapid"

	"twinrig/scenarios/memnet"
)

// pair is a connection through a listener of its own.
func pair(t testing.TB, n *memnet.Network) (client, server net.Conn) {
	t.Helper()
	l, err := n.Listen("hub:8883")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	client, err = n.Dial(context.Background(), "truck-1", "hub:8883")
	if err != nil {
		t.Fatal(err)
	}
	server, err = l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	return client, server
}

// TestConn is the conformance test of golang.org/x/net for net.Conn.
func TestConn(t *testing.T) {
	nettest.TestConn(t, func() (c1, c2 net.Conn, stop func(), err error) {
		c1, c2 = pair(t, memnet.New(1))
		return c1, c2, func() { c1.Close(); c2.Close() }, nil
	})
}

// Law: what was written arrives whole and in order, one latency later, however
// it is cut into writes and reads.
func TestBytesArriveInOrder(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		writes := rapid.SliceOf(rapid.SliceOf(rapid.Byte())).Draw(r, "writes")
		size := rapid.IntRange(1, 64).Draw(r, "read size")
		seed := rapid.Uint64().Draw(r, "seed")
		synctest.Test(t, func(t *testing.T) {
			client, server := pair(t, memnet.New(seed))
			var want []byte
			go func() {
				for _, w := range writes {
					client.Write(w)
				}
				client.Close()
			}()
			for _, w := range writes {
				want = append(want, w...)
			}
			var got []byte
			b := make([]byte, size)
			for {
				n, err := server.Read(b)
				got = append(got, b[:n]...)
				if err == io.EOF {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			if string(got) != string(want) {
				t.Errorf("read %d bytes %x, want %d bytes %x", len(got), got, len(want), want)
			}
			server.Close()
		})
	})
}

// Law: a latency is 1 to 1000 ns, and a function of seed, names and ordinal.
func TestLatency(t *testing.T) {
	measure := func(seed uint64, client string) (up, down []time.Duration) {
		synctest.Test(t, func(t *testing.T) {
			n := memnet.New(seed)
			for range 3 {
				c, s := pair(t, n)
				up = append(up, transit(t, c, s))
				down = append(down, transit(t, s, c))
				c.Close()
				s.Close()
			}
		})
		return up, down
	}
	up, down := measure(1, "truck-1")
	seen := map[time.Duration]bool{}
	for _, d := range append(up, down...) {
		if d < 1 || d > 1000 {
			t.Errorf("latency %v, want 1 to 1000 ns", d)
		}
		seen[d] = true
	}
	if len(seen) != 6 {
		t.Errorf("latencies up %v, down %v: want six different ones", up, down)
	}
	up2, down2 := measure(1, "truck-1")
	if diff := cmp.Diff([][]time.Duration{up, down}, [][]time.Duration{up2, down2}); diff != "" {
		t.Errorf("same seed, other latencies:\n%s", diff)
	}
	if up3, _ := measure(2, "truck-1"); cmp.Equal(up, up3) {
		t.Errorf("another seed, same latencies %v", up)
	}
}

func transit(t *testing.T, from, to net.Conn) time.Duration {
	t.Helper()
	start := time.Now()
	if _, err := from.Write([]byte("x")); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(to, make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	return time.Since(start)
}

// A full buffer stops the writer until the reader reads or its deadline passes.
func TestBoundedBuffer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := pair(t, memnet.New(1))
		defer server.Close()
		defer client.Close()
		client.SetWriteDeadline(time.Now().Add(time.Minute))
		start := time.Now()
		n, err := client.Write(make([]byte, 2<<20))
		if n != 1<<20 || !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(start) != time.Minute {
			t.Errorf("wrote %d in %v, error %v; want 1 MiB, a minute and a timeout", n, time.Since(start), err)
		}
		var timeout net.Error
		if !errors.As(err, &timeout) || !timeout.Timeout() {
			t.Errorf("%v is no timeout", err)
		}
		client.SetWriteDeadline(time.Time{})
		time.AfterFunc(time.Hour, func() { io.ReadFull(server, make([]byte, 1<<20)) })
		start = time.Now()
		if n, err := client.Write([]byte("more")); n != 4 || err != nil || time.Since(start) < time.Hour {
			t.Errorf("wrote %d after %v, error %v; want 4 after an hour", n, time.Since(start), err)
		}
	})
}

func TestCloseDrainsThenEOF(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := pair(t, memnet.New(1))
		client.Write([]byte("last words"))
		client.Close()
		got, err := io.ReadAll(server)
		if string(got) != "last words" || err != nil {
			t.Errorf("read %q, %v", got, err)
		}
		if _, err := server.Write([]byte("too late")); err == nil {
			t.Error("a write after the peer's close succeeded")
		}
		if _, err := client.Read(make([]byte, 1)); !errors.Is(err, net.ErrClosed) {
			t.Errorf("read of a closed connection: %v", err)
		}
		server.Close()
	})
}

// A writer that waits for room hears of the peer's close.
func TestCloseWakesWriter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := pair(t, memnet.New(1))
		time.AfterFunc(time.Second, func() { server.Close() })
		if _, err := client.Write(make([]byte, 2<<20)); err == nil {
			t.Error("wrote 2 MiB to nobody")
		}
		client.Close()
	})
}

func TestIdleConnectionHoldsNoTimer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := pair(t, memnet.New(1))
		client.SetDeadline(time.Now().Add(time.Hour)) // nobody waits: no timer that could wake anything
		go func() {
			time.Sleep(30 * time.Minute)
			server.Write([]byte("x"))
		}()
		if _, err := io.ReadFull(client, make([]byte, 1)); err != nil {
			t.Error(err)
		}
		if _, err := client.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("read after the deadline: %v", err)
		}
		client.Close()
		server.Close()
	})
}

func ExampleNetwork() {
	network := memnet.New(1)
	hub, _ := network.Listen("hub:8883")
	go func() {
		conn, _ := hub.Accept()
		fmt.Fprintf(conn, "hello %s", conn.RemoteAddr())
		conn.Close()
	}()
	conn, _ := network.Dial(context.Background(), "truck-1", "hub:8883")
	greeting, _ := io.ReadAll(conn)
	fmt.Println(string(greeting))
	// Output: hello truck-1:1
}
