package pipenet

import (
	"bufio"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
)

const data = "../../../shared/data/pipes/"

func load(t testing.TB, name string) *Network {
	t.Helper()
	f, err := os.Open(data + name + ".inp")
	if err != nil {
		t.Skipf("NOT CHECKED: %s is not there", name)
	}
	defer f.Close()
	n, err := Read(f)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// record is a line of EPANET's own solution.
type record struct {
	kind, id    string
	at          float64
	value, more float64
}

func solution(t *testing.T, name string) (out []record) {
	t.Helper()
	f, err := os.Open(data + name + ".epanet.txt")
	if err != nil {
		t.Skipf("NOT CHECKED: the solution of %s is not there", name)
	}
	defer f.Close()
	for scan := bufio.NewScanner(f); scan.Scan(); {
		var r record
		if n, _ := fmt.Sscan(scan.Text(), &r.kind, &r.at, &r.id, &r.value, &r.more); n == 5 && !strings.HasPrefix(scan.Text(), "#") {
			out = append(out, r)
		}
	}
	if len(out) < 20 {
		t.Fatalf("only %d records of %s", len(out), name)
	}
	return out
}

// NET-1 and NET-2: heads within 1e-3 ft and flows within 1e-5 of the largest of
// EPANET 2.3.5 at time 0.
func TestSteadyStateOfEPANET(t *testing.T) {
	for _, name := range []string{"Net1", "Net2"} {
		n := load(t, name)
		p, err := NewPeriod(n)
		if err != nil {
			t.Fatal(err)
		}
		var dh, dq, largest float64
		checked := 0
		for _, r := range solution(t, name) {
			if r.at != 0 {
				continue
			}
			checked++
			if r.kind == "N" {
				dh = math.Max(dh, math.Abs(p.Head[n.NodeIndex(r.id)]/foot-r.value))
			} else {
				dq = math.Max(dq, math.Abs(p.Flow[n.LinkIndex(r.id)]/gpm-r.value))
				largest = math.Max(largest, math.Abs(r.value))
			}
		}
		t.Logf("%s: %d values, heads within %.2g ft, flows within %.2g gpm of largest %.4g", name, checked, dh, dq, largest)
		if checked < len(n.Nodes)+len(n.Links) || dh > 1e-3 || dq > 1e-5*largest {
			t.Errorf("%s: %d values, heads differ by %g ft, flows by %g gpm of %g", name, checked, dh, dq, largest)
		}
	}
}

// NET-4: heads within 0.05 ft over the whole period; pump switching of Net1
// within 2 s of 12:32:34 and 22:41:30. NET-5: mass residual 1e-6 of the flow.
func TestExtendedPeriodOfEPANET(t *testing.T) {
	for _, name := range []string{"Net1", "Net2"} {
		n := load(t, name)
		p, err := NewPeriod(n)
		if err != nil {
			t.Fatal(err)
		}
		var worst float64
		var switches []float64
		pump := n.LinkIndex("9")
		running := func() bool { return name == "Net1" && p.Flow[pump] > 1e-6 }
		was, records := running(), solution(t, name)
		for _, r := range records {
			if math.Mod(r.at, 3600) != 0 || r.at > n.Times.Duration {
				continue
			}
			for p.T < r.at-1e-6 {
				if err := p.Step(r.at); err != nil {
					t.Fatal(err)
				}
				balanced(t, p)
				if now := running(); now != was {
					switches, was = append(switches, p.T), now
				}
			}
			if r.kind == "N" {
				worst = math.Max(worst, math.Abs(p.Head[n.NodeIndex(r.id)]/foot-r.value))
			}
		}
		t.Logf("%s: heads within %.3g ft to %g h; pump switches at %.2f s", name, worst, p.T/3600, switches)
		if worst > 0.05 || p.T < 24*3600 {
			t.Errorf("%s: heads differ by %g ft until %g s", name, worst, p.T)
		}
		if name != "Net1" {
			continue
		}
		want := []float64{12*3600 + 32*60 + 34, 22*3600 + 41*60 + 30}
		if len(switches) != 2 || math.Abs(switches[0]-want[0]) > 2 || math.Abs(switches[1]-want[1]) > 2 {
			t.Errorf("pump switches at %v, want %v", switches, want)
		}
	}
}

func balanced(t *testing.T, p *Period) {
	t.Helper()
	for v := range p.net.Nodes {
		if p.net.Nodes[v].Kind != Junction {
			continue
		}
		sum := 0.0
		for _, q := range p.Flow {
			sum += math.Abs(q)
		}
		if r := p.inflow(v) - p.Demand[v] - p.Leak[v]; math.Abs(r) > 1e-6*sum {
			t.Errorf("at %g s node %s gains %g m³/s", p.T, p.net.Nodes[v].ID, r)
		}
	}
}

func BenchmarkWarmSolve(b *testing.B) {
	for _, name := range []string{"Net1", "Net2"} {
		b.Run(name, func(b *testing.B) {
			p, err := NewPeriod(load(b, name))
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := p.Solve(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
