package pipenet

import (
	"container/heap"
	"slices"
)

// eliminate takes the vertices out of a graph, always one with the fewest
// neighbours, and joins those it leaves to each other. columns are the neighbours
// each had when it went, in that order; place[v] is when v went; products is how
// many pairs were joined, where it gives up when there are too many.
func eliminate(neighbours [][]int) (columns [][]int, place []int, products int) {
	n := len(neighbours)
	graph, left := make([][]int, n), make([]int, n) // lists may have vertices that are gone; left counts the others
	place = make([]int, n)
	queue := make(degrees, 0, n)
	for v, list := range neighbours {
		graph[v] = slices.Compact(slices.Sorted(slices.Values(list)))
		place[v], left[v] = -1, len(graph[v])
		queue = append(queue, degree{left[v], v})
	}
	heap.Init(&queue)
	for len(queue) > 0 && products <= mostProducts {
		least := heap.Pop(&queue).(degree)
		v := least.vertex
		if place[v] >= 0 || least.neighbours != left[v] {
			continue // it has gone, or stands in the queue with its present degree
		}
		clique := slices.DeleteFunc(graph[v], func(w int) bool { return place[w] >= 0 })
		place[v] = len(columns)
		columns = append(columns, clique)
		products += len(clique) * (len(clique) - 1) / 2
		for _, w := range clique {
			if left[w]--; len(clique) > 1 {
				graph[w] = union(graph[w], clique, func(x int) bool { return place[x] < 0 && x != w })
				left[w] = len(graph[w])
			}
			heap.Push(&queue, degree{left[w], w})
		}
	}
	return columns, place, products
}

// union merges what is to be kept of two sorted lists.
func union(a, b []int, keep func(int) bool) []int {
	out := make([]int, 0, len(a)+len(b))
	for i, j := 0, 0; i < len(a) || j < len(b); {
		var x int
		switch {
		case j == len(b) || i < len(a) && a[i] < b[j]:
			x, i = a[i], i+1
		case i == len(a) || b[j] < a[i]:
			x, j = b[j], j+1
		default:
			x, i, j = a[i], i+1, j+1
		}
		if keep(x) {
			out = append(out, x)
		}
	}
	return out
}

// degree is a vertex in the queue; of equal degrees the first vertex goes first.
type degree struct{ neighbours, vertex int }

type degrees []degree

func (d degrees) Len() int      { return len(d) }
func (d degrees) Swap(i, j int) { d[i], d[j] = d[j], d[i] }
func (d degrees) Less(i, j int) bool {
	if d[i].neighbours != d[j].neighbours {
		return d[i].neighbours < d[j].neighbours
	}
	return d[i].vertex < d[j].vertex
}
func (d *degrees) Push(x any) { *d = append(*d, x.(degree)) }
func (d *degrees) Pop() any {
	last := (*d)[len(*d)-1]
	*d = (*d)[:len(*d)-1]
	return last
}
