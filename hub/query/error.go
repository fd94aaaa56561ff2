package query

import "fmt"

// Error is what is wrong with a query, and where.
type Error struct {
	Offset int // in bytes, from the beginning of the query
	Text   string
}

func (e *Error) Error() string {
	return fmt.Sprintf("query, column %d: %s", e.Offset+1, e.Text)
}

func errorAt(offset int, format string, args ...any) *Error {
	return &Error{offset, fmt.Sprintf(format, args...)}
}
