package query

import (
	"context"
	"encoding/json"
	"math"
	"strconv"
)

// group is what has been added up of the twins that have the same values of GROUP BY.
type group struct {
	keys []value // of the expressions of GROUP BY
	sums []sum   // by column
}

// sum is one aggregate under way.
type sum struct {
	n        int
	total    float64
	least    value
	greatest value
}

// maxGroups bounds the memory of a query.
const maxGroups = 100_000

// aggregate returns a page of the groups, in the order in which their first twins come.
func (q *Query) aggregate(ctx context.Context, source Source, size int, c continuation) (Page, error) {
	var order []*group
	groups := map[string]*group{}
	for r, err := range q.find(ctx, source, "") {
		if err != nil {
			return Page{}, err
		}
		keys := make([]value, len(q.groups))
		for i, e := range q.groups {
			keys[i] = e.eval(r)
		}
		name := groupName(keys)
		g := groups[name]
		if g == nil {
			if len(order) == maxGroups {
				return Page{}, errorAt(0, "the query has more than %d groups", maxGroups)
			}
			g = &group{keys, make([]sum, len(q.columns))}
			groups[name] = g
			order = append(order, g)
		}
		for i, column := range q.columns {
			g.sums[i].add(column, r)
		}
	}
	if len(q.groups) == 0 && len(order) == 0 {
		order = append(order, &group{sums: make([]sum, len(q.columns))})
	}
	if q.top > 0 {
		order = order[:min(q.top, len(order))]
	}
	order = order[min(c.Given, len(order)):]
	page := Page{}
	for _, g := range order[:min(size, len(order))] {
		item, err := q.groupItem(g)
		if err != nil {
			return Page{}, err
		}
		page.Items = append(page.Items, item)
	}
	if len(order) > size {
		c.Given += size
		page.Continuation = c.text(q)
	}
	return page, nil
}

// groupName tells groups apart. Undefined and null are two.
func groupName(keys []value) string {
	var name []byte
	for _, k := range keys {
		if k == undefined {
			name = append(name, "u;"...)
			continue
		}
		text, _ := json.Marshal(k) // it came from JSON, or from a query
		name = append(strconv.AppendInt(name, int64(len(text)), 10), ':')
		name = append(name, text...)
	}
	return string(name)
}

func (s *sum) add(c column, r *row) {
	if c.aggregate == "" {
		return
	}
	if c.of == nil {
		s.n++
		return
	}
	v := c.of.eval(r)
	if v == undefined || c.aggregate != "COUNT" && !primitive(v) {
		return
	}
	if f, ok := v.(float64); ok {
		s.total += f
	} else if c.aggregate == "SUM" || c.aggregate == "AVG" {
		return
	}
	if less, known := truth(order(v, s.least, func(n int) bool { return n < 0 })); s.n == 0 || known && less {
		s.least = v
	}
	if more, known := truth(order(v, s.greatest, func(n int) bool { return n > 0 })); s.n == 0 || known && more {
		s.greatest = v
	}
	s.n++
}

func (s *sum) result(aggregate string) value {
	switch {
	case aggregate == "COUNT":
		return s.n
	case s.n == 0:
		return undefined
	case aggregate == "SUM":
		return finite(s.total)
	case aggregate == "AVG":
		return finite(s.total / math.Max(float64(s.n), 1))
	case aggregate == "MIN":
		return s.least
	}
	return s.greatest
}

func (q *Query) groupItem(g *group) (json.RawMessage, error) {
	object := make([]field, 0, len(q.columns))
	for i, c := range q.columns {
		v := undefined
		if c.aggregate != "" {
			v = g.sums[i].result(c.aggregate)
		} else {
			for k, e := range q.groups {
				if sameText(e, c.of) {
					v = g.keys[k]
				}
			}
		}
		object = append(object, field{c.name, v})
	}
	return writeObject(object)
}
