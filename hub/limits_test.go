package hub

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// Rates of Microsoft's table "IoT Hub quotas and throttling".
func TestTierLimits(t *testing.T) {
	for _, c := range []struct {
		tier                                   string
		units                                  int
		connections, telemetry, queries, twins float64
		daily                                  int
		wrong                                  bool
	}{
		{tier: "F1", units: 1, connections: 100, telemetry: 100, queries: 20, twins: 100, daily: 8000},
		{tier: "S1", units: 1, connections: 100, telemetry: 100, queries: 20, twins: 100, daily: 400_000},
		{tier: "S1", units: 10, connections: 120, telemetry: 120, queries: 200, twins: 100, daily: 4_000_000},
		{tier: "S2", units: 20, connections: 2400, telemetry: 2400, queries: 400, twins: 200, daily: 120_000_000},
		{tier: "S3", units: 2, connections: 12000, telemetry: 12000, queries: 2000, twins: 1000, daily: 600_000_000},
		{tier: "S4", units: 1, wrong: true}, {tier: "S1", units: 0, wrong: true}, {tier: "F1", units: 2, wrong: true},
	} {
		l, err := TierLimits(c.tier, c.units)
		if (err != nil) != c.wrong {
			t.Errorf("%d %s: %v", c.units, c.tier, err)
		}
		if err != nil {
			continue
		}
		if l.Connections != c.connections || l.Telemetry != c.telemetry || fmt.Sprintf("%.6g", l.Queries*60) != fmt.Sprintf("%.6g", c.queries) || l.TwinReads != c.twins || l.DailyMessages != c.daily {
			t.Errorf("%d %s: %+v", c.units, c.tier, *l)
		}
	}
}

// Ten seconds' worth may come at once; then the rate holds, exactly.
func TestThrottles(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.create("d")
		r.hub.cfg.Limits = &Limits{TwinReads: 2, Telemetry: 5, Connections: 0.1, MethodBytes: 100, DailyMessages: 60, MessageUnit: 100}
		admitted := func() (n int) {
			for ; ; n++ {
				if _, err := r.hub.Twin(r.Context(), "d"); code(err) == 429001 {
					return n
				}
			}
		}
		if n := admitted(); n != 20 {
			r.Errorf("%d at once, want 20", n)
		}
		time.Sleep(3 * time.Second)
		if n := admitted(); n != 6 {
			r.Errorf("%d after 3 s, want 6", n)
		}
		time.Sleep(time.Hour)
		if n := admitted(); n != 20 {
			r.Errorf("%d after an hour, want 20", n)
		}

		c, _ := r.device("d")
		_, err := r.hub.Connect(r.Context(), ConnectInfo{DeviceID: "d"}, &recorder{})
		r.wantCode("a second connection within 10 s", err, 429001)
		send := func(size int) (err error) {
			done := make(chan error, 1)
			c.Telemetry(Message{Body: make([]byte, size)}, func(e error) { done <- e })
			return <-done
		}
		for range 50 {
			r.check(send(0))
		}
		r.wantCode("51st message at once", send(0), 429001)
		time.Sleep(time.Second)
		r.check(send(901)) // ten units
		r.wantCode("beyond the day's messages", send(0), 403002)
		time.Sleep(24 * time.Hour)
		r.check(send(0))
		if err := r.hub.Spend(OpMethod, 5000); err != nil {
			r.Errorf("what is larger than the bucket is refused for ever: %v", err)
		}
		r.wantCode("and empties it", r.hub.Spend(OpMethod, 1), 429001)
	})
}

// A device asks for faults and gets them, itself and no other.
func TestInjection(t *testing.T) {
	ask := func(r *rig, c *Connection, operation string, more ...Property) {
		r.Helper()
		done := make(chan error, 1)
		c.Telemetry(Message{Properties: append([]Property{{faultType, operation}, {faultDelay, "2"}, {faultDuration, "5"}}, more...)}, func(err error) { done <- err })
		r.check(<-done)
	}
	send := func(c *Connection) int {
		done := make(chan error, 1)
		c.Telemetry(Message{}, func(err error) { done <- err })
		return code(<-done)
	}
	inBubble(t, func(r *rig) {
		c, session := r.device("d")
		other, otherSession := r.device("e")
		ask(r, c, "KillTcp")
		time.Sleep(1900 * time.Millisecond)
		if session.String() != "" {
			r.Errorf("heard %q too early", session)
		}
		time.Sleep(200 * time.Millisecond)
		synctest.Wait()
		if want := fmt.Sprintf("close %d", CloseFault); session.String() != want {
			r.Errorf("heard %q, want %q", session, want)
		}
		for operation, want := range map[string]int{"InvokeThrottling": 429001, "InvokeMaxMessageQuota": 403002} {
			c, _ = r.device("d")
			ask(r, c, operation)
			if got := send(c); got != 0 {
				r.Errorf("%s: refused with %d before its time", operation, got)
			}
			time.Sleep(3 * time.Second)
			if got := send(c); got != want {
				r.Errorf("%s: refused with %d, want %d", operation, got, want)
			}
			if got := send(other); got != 0 {
				r.Errorf("%s: another device is refused with %d", operation, got)
			}
			time.Sleep(5 * time.Second)
			if got := send(c); got != 0 {
				r.Errorf("%s: refused with %d after its time", operation, got)
			}
		}
		ask(r, c, "InvokeAuthError")
		time.Sleep(3 * time.Second)
		_, err := r.hub.Connect(r.Context(), ConnectInfo{DeviceID: "d"}, &recorder{})
		r.wantCode("connecting meanwhile", err, 401002)
		time.Sleep(5 * time.Second)
		c, session = r.device("d")
		ask(r, c, "Nonsense")
		ask(r, c, "ShutDownMqtt", Property{faultDelay, "1e300"}, Property{faultDuration, "-3"})
		time.Sleep(maxFaultDelay - time.Second)
		if session.String() != "" || otherSession.String() != "" {
			r.Errorf("heard %q, the other %q", session, otherSession)
		}
	})
}
