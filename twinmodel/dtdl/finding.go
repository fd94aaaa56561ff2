package dtdl

import (
	"fmt"
	"strings"
)

// Mode says how much of the language's rules an interface must keep.
type Mode int

const (
	// Strict keeps them all.
	Strict Mode = iota
	// Lenient reads what published models look like.
	Lenient
)

// Finding is something that is wrong with an interface.
type Finding struct {
	Path    string // JSON path, e.g. $.contents[3].unit
	Message string
	Warning bool // it can be lived with
}

func (f Finding) String() string {
	if f.Warning {
		return f.Path + ": warning: " + f.Message
	}
	return f.Path + ": " + f.Message
}

// Findings are all that is wrong, in the order of the text.
type Findings []Finding

// Err is an error that lists what cannot be lived with, or nil.
func (fs Findings) Err() error {
	var lines []string
	for _, f := range fs {
		if !f.Warning {
			lines = append(lines, f.String())
		}
	}
	switch n := len(lines); {
	case n == 0:
		return nil
	case n > 10:
		lines = append(lines[:10], fmt.Sprintf("and %d more", n-10))
	}
	return fmt.Errorf("%s", strings.Join(lines, "\n"))
}

// Warnings are those that can be lived with.
func (fs Findings) Warnings() (out []string) {
	for _, f := range fs {
		if f.Warning {
			out = append(out, f.String())
		}
	}
	return out
}
