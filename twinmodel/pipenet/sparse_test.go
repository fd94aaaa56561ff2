package pipenet

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// The factorisation solves every matrix of a network: residuals are rounding.
func TestSparseSolves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "vertices")
		neighbours, weight := make([][]int, n), map[[2]int]float64{}
		for range rapid.IntRange(0, 3*n).Draw(t, "edges") {
			a, b := rapid.IntRange(0, n-1).Draw(t, "a"), rapid.IntRange(0, n-1).Draw(t, "b")
			if a != b {
				neighbours[a], neighbours[b] = append(neighbours[a], b), append(neighbours[b], a)
				weight[[2]int{a, b}] += rapid.Float64Range(1e-3, 1e3).Draw(t, "weight")
			}
		}
		m, place, err := newSparse(neighbours)
		if err != nil {
			t.Fatal(err)
		}
		dense := make([][]float64, n)
		for i := range dense {
			dense[i] = make([]float64, n)
			dense[i][i], m.diagonal[i] = 1, 1
		}
		for e, w := range weight {
			a, b := place[e[0]], place[e[1]]
			m.below[m.at(max(a, b), min(a, b))] -= w
			m.diagonal[a] += w
			m.diagonal[b] += w
			dense[a][b], dense[b][a] = dense[a][b]-w, dense[b][a]-w
			dense[a][a], dense[b][b] = dense[a][a]+w, dense[b][b]+w
		}
		b := make([]float64, n)
		for i := range b {
			b[i] = rapid.Float64Range(-10, 10).Draw(t, "b")
		}
		x := append([]float64(nil), b...)
		if bad := m.factor(); bad >= 0 {
			t.Fatalf("row %d is not positive", bad)
		}
		m.solve(x)
		for i := range dense {
			sum := 0.0
			for j, v := range dense[i] {
				sum += v * x[j]
			}
			if math.Abs(sum-b[i]) > 1e-8 {
				t.Fatalf("row %d: residual %g", i, sum-b[i])
			}
		}
	})
}

func TestSparseRefuses(t *testing.T) {
	m, _, err := newSparse([][]int{{1}, {0}})
	if err != nil {
		t.Fatal(err)
	}
	m.diagonal[0], m.diagonal[1], m.below[0] = 1, 1, -1
	if bad := m.factor(); bad != 1 {
		t.Errorf("a singular matrix is refused at row %d, want 1", bad)
	}
	m.diagonal[0] = math.NaN()
	if bad := m.factor(); bad != 0 {
		t.Errorf("NaN is refused at row %d, want 0", bad)
	}
	everybody := make([][]int, 600)
	for i := range everybody {
		for j := range everybody {
			if i != j {
				everybody[i] = append(everybody[i], j)
			}
		}
	}
	if _, _, err := newSparse(everybody); err == nil {
		t.Error("600 nodes that are all joined are taken for a network")
	}
}

// town is a network of side² nodes: a tree, and a loop at every fifth node.
func town(side int) *Network {
	r := rand.New(rand.NewPCG(1, 2))
	n := &Network{Exponent: 0.5, Viscosity: 1e-6, Density: 1000, Accuracy: 1e-6, Trials: 200, Times: Times{Step: 3600, PatternStep: 3600}}
	add := func(a, b int) {
		n.Links = append(n.Links, Link{From: a, To: b, Length: 100 + 100*r.Float64(), Diameter: 0.2 + 0.3*r.Float64(), Roughness: 120, Speed: 1})
	}
	for v := range side * side {
		n.Nodes = append(n.Nodes, Node{Elevation: 20 * r.Float64(), Pattern: -1, Demands: []Demand{{2e-4 * r.Float64(), -1}}})
		west, north := v-1, v-side
		switch hasWest, hasNorth := v%side > 0, v >= side; {
		case hasWest && hasNorth && r.Float64() < 0.2:
			add(west, v)
			add(north, v)
		case hasWest && (!hasNorth || r.Float64() < 0.5):
			add(west, v)
		case hasNorth:
			add(north, v)
		}
	}
	n.Nodes[0].Kind, n.Nodes[0].Elevation = Reservoir, 120
	return n
}

// BenchmarkTown is one solve of 3025 nodes after all demands moved by 20 %.
func BenchmarkTown(b *testing.B) {
	p, err := NewPeriod(town(55))
	if err != nil {
		b.Fatal(err)
	}
	k := 0
	b.ReportAllocs()
	for b.Loop() {
		k++
		for i := range p.Demand {
			p.Demand[i] *= []float64{1.2, 1 / 1.2}[k%2]
		}
		if _, err := p.Solve(); err != nil {
			b.Fatal(err)
		}
	}
}
