package pipenet

import "slices"

// order is the reverse Cuthill–McKee numbering of a graph: place[v] is the row
// of vertex v. It keeps the entries of a matrix near its diagonal.
func order(neighbours [][]int) (place []int) {
	n := len(neighbours)
	visited := make([]bool, n)
	byDegree := make([]int, n)
	for v := range byDegree {
		byDegree[v] = v
	}
	slices.SortStableFunc(byDegree, func(a, b int) int { return len(neighbours[a]) - len(neighbours[b]) })
	queue := make([]int, 0, n)
	for _, first := range byDegree {
		if visited[first] {
			continue
		}
		visited[first] = true
		queue = append(queue, first)
		for head := len(queue) - 1; head < len(queue); head++ {
			from := len(queue)
			for _, w := range neighbours[queue[head]] {
				if !visited[w] {
					visited[w] = true
					queue = append(queue, w)
				}
			}
			slices.SortStableFunc(queue[from:], func(a, b int) int { return len(neighbours[a]) - len(neighbours[b]) })
		}
	}
	place = make([]int, n)
	for i, v := range queue {
		place[v] = n - 1 - i
	}
	return place
}
