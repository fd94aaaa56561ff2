package devicesim

import (
	"testing"
	"time"
)

var t0 = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

func TestScheduleKeepsItsBeat(t *testing.T) {
	s := Schedule{Every: 5 * time.Minute}
	due := 0
	for at := t0; at.Before(t0.Add(24 * time.Hour)); at = at.Add(10 * time.Second) {
		if s.Due(at) {
			due++
		}
	}
	if due != 288 {
		t.Errorf("every 5 minutes for a day is %d times, want 288", due)
	}
}

func TestScheduleChangesAtOnce(t *testing.T) {
	s := Schedule{Every: time.Hour}
	s.Due(t0)
	s.Every = time.Minute
	if want := t0.Add(time.Minute); !s.Next().Equal(want) {
		t.Errorf("after the change the next time is %v, want %v", s.Next(), want)
	}
}

func TestScheduleDoesNotCatchUpAfterASleep(t *testing.T) {
	s := Schedule{Every: time.Minute}
	s.Due(t0)
	late := t0.Add(10*time.Minute + time.Second)
	if !s.Due(late) || s.Due(late) {
		t.Error("after ten missed beats a schedule is due once")
	}
	if want := late.Add(time.Minute); !s.Next().Equal(want) {
		t.Errorf("and then counts from there: next %v, want %v", s.Next(), want)
	}
}

func TestAlarmNeedsTheConditionToLast(t *testing.T) {
	a := Alarm{Name: "hot", Delay: time.Minute}
	steps := []struct {
		after time.Duration
		holds bool
		want  string // alert message published, "" for none
		why   string
	}{
		{0, true, "", "a condition that has just begun is no alarm"},
		{59 * time.Second, true, "", "nor before the delay is over"},
		{59 * time.Second, false, "", "a break starts the delay again"},
		{60 * time.Second, true, "", "so this is the beginning"},
		{120 * time.Second, true, "true", "a condition that lasted is an alarm"},
		{130 * time.Second, true, "", "which is raised once"},
		{140 * time.Second, false, "false", "and cleared when the condition ends"},
		{150 * time.Second, false, "", "once"},
	}
	for _, s := range steps {
		got := ""
		for _, m := range a.Watch(t0.Add(s.after), s.holds, "text") {
			got += m.Properties["active"]
		}
		if got != s.want {
			t.Errorf("%s: published %q, want %q", s.why, got, s.want)
		}
	}
}
