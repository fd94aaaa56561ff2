package query

// Query is a parsed query.
type Query struct {
	text    string
	top     int // 0 = no bound
	columns []column
	from    collection
	where   expression // nil = all
	groups  []expression
}

// collection is what is queried.
type collection string

const (
	devices collection = "devices"
	modules collection = "devices.modules"
	jobs    collection = "devices.jobs"
)

// column is one part of the result. Without columns results are whole twins.
type column struct {
	name      string
	of        expression // nil for COUNT()
	aggregate string     // COUNT, SUM, …; empty = the value itself
	offset    int
}

func (q *Query) aggregates() bool {
	for _, c := range q.columns {
		if c.aggregate != "" {
			return true
		}
	}
	return len(q.groups) > 0
}
