package replay

import (
	"strings"
	"testing"
	"time"
)

var start = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

const recording = "time,temperature [°C],on\n10,20,0\n20,30,1\n40,10,1\n"

func TestPlaysBack(t *testing.T) {
	table, err := Read(strings.NewReader(recording))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		after  time.Duration
		repeat bool
		want   float64
	}{{0, false, 20}, {5 * time.Second, false, 25}, {10 * time.Second, false, 30}, {20 * time.Second, false, 20}, {time.Hour, false, 10}, {35 * time.Second, true, 25}, {30 * time.Second, true, 20}} {
		p := New(start, table, c.repeat)
		if err := p.Advance(start.Add(c.after)); err != nil {
			t.Fatal(err)
		}
		if v, err := p.Value("temperature"); err != nil || v != c.want {
			t.Errorf("after %v (repeat %v): %g, %v; want %g", c.after, c.repeat, v, err, c.want)
		}
		q := New(start.Add(time.Hour), table, c.repeat)
		if err := q.Restore(p.Snapshot()); err != nil {
			t.Fatal(err)
		}
		if v, _ := q.Value("temperature"); v != c.want {
			t.Errorf("after a restore: %g, want %g", v, c.want)
		}
	}
	s, _ := table.Spec().Signal("temperature")
	if s.Unit != "°C" || s.Min != 10 || s.Max != 30 {
		t.Errorf("signal %+v", s)
	}
	p := New(start, table, false)
	if p.Set("on", 1) == nil || p.Advance(start.Add(-1)) == nil {
		t.Error("a recording cannot be changed or turned back")
	}
}

func TestRecordingsThatCannotBeRead(t *testing.T) {
	for text, says := range map[string]string{
		"": "no header", "time\n1\n": "at least one signal", "time,a [furlong]\n1,2\n": "furlong", "time,a,a\n": "two columns",
		"time,a\n1,x\n": "line 2: a", "time,a\n1,2\n1,3\n": "line 3: time 1", "time,a\n1,NaN\n": "finite", "time,a\nmonday,1\n": "RFC 3339", "time,a\n1,2\n": "two rows", "time,a\n1\n": "line 2",
		"time,2a\n": "heading",
	} {
		if _, err := Read(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want an error that says %q", text, err, says)
		}
	}
	if _, err := Read(strings.NewReader("time,a\n2026-06-01T00:00:00Z,1\n2026-06-01T00:01:00Z,2\n")); err != nil {
		t.Error(err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(recording)
	f.Add("time,a\n2026-06-01T00:00:00Z,1\n")
	f.Fuzz(func(t *testing.T, text string) {
		table, err := Read(strings.NewReader(text))
		if err != nil {
			return
		}
		p := New(start, table, true)
		_ = p.Advance(start.Add(time.Minute))
		for _, s := range table.Spec().Signals {
			v, err := p.Value(s.Name)
			if slack := 1e-9 * (s.Max - s.Min); err != nil || !(v >= s.Min-slack && v <= s.Max+slack) && s.Max-s.Min < 1e300 {
				t.Errorf("%s is %g, recorded %g to %g", s.Name, v, s.Min, s.Max)
			}
		}
	})
}
