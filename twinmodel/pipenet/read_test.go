package pipenet

import (
	"strings"
	"testing"
)

const small = `[JUNCTIONS]
a 0 0
b 0 10
[RESERVOIRS]
r 100
[PIPES]
p1 r a 1000 12 100 0 Open
p2 a b 1000 12 100 0 Open
`

func TestMistakesInFiles(t *testing.T) {
	for _, c := range []struct{ text, says string }{
		{strings.Replace(small, "p2 a b", "p2 a r", 1), "node b: not connected"},
		{strings.Replace(small, "p2 a b", "p2 a c", 1), "line 8: [PIPES]: no node c"},
		{strings.Replace(small, "b 0 10", "b 0 ten", 1), `line 3: [JUNCTIONS]: "ten" is not a number`},
		{strings.Replace(small, "r 100", "r NaN", 1), "line 5: [RESERVOIRS]"},
		{small + "[NONSENSE]\n", "line 9: unknown section"},
		{small + "[VALVES]\nv a b 12 GPV 1\n", "link v: a GPV needs a curve"},
		{small + "[VALVES]\nv a b 12 XYZ 1\n", "line 10: [VALVES]: valve type XYZ is not supported"},
		{strings.Replace(small, "1000 12 100 0 Open\np2", "1000 -12 100 0 Open\np2", 1), "link p1: diameter must be positive"},
		{small + "[VALVES]\nv r b 12 PRV 1\n", "link v: a valve that regulates cannot stand at r"},
		{small + "[OPTIONS]\nspecific gravity 0\n", "specific gravity"},
		{small + "[PUMPS]\nq a b HEAD 7\n", "curve 7 has 0 points"},
		{"[JUNCTIONS]\na 0\n", "no reservoir or tank"},
	} {
		if _, err := Read(strings.NewReader(c.text)); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("error %v, want one that says %q", err, c.says)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(small)
	f.Add(small + "[TANKS]\nt 1 5 0 9 20\n[CONTROLS]\nLINK p2 CLOSED IF NODE t ABOVE 7\n[TIMES]\nDuration 24:00\n")
	f.Fuzz(func(t *testing.T, text string) {
		n, err := Read(strings.NewReader(text))
		if err == nil && len(n.Nodes) < 50 {
			if p, err := NewPeriod(n); err == nil {
				_ = p.Step(10)
			}
		}
	})
}

func read(t testing.TB, text string) *Network {
	t.Helper()
	n, err := Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return n
}
