package validation

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Row is one comparison of a number of ours with one that is known.
type Row struct {
	ID        string  // as in the tests' comments: "TRK-2"
	What      string  // is compared: "steady transmission at ΔT = 50 K"
	Source    string  // of the reference: "closed form", "EPANET 2.3.5"
	Reference float64 // in Unit
	Ours      float64 // in Unit
	Unit      string  // "1" for numbers without

	// Ours may be off by Absolute, in Unit, or by Relative of the reference,
	// whichever is more; one of them is enough.
	Relative, Absolute float64
}

// Attribute is the name of the test attribute that holds a row of the table.
const Attribute = "validation"

// Check fails the test when the row does not hold, or when docs/models.md does
// not have it as it is today.
func (r Row) Check(t testing.TB) {
	t.Helper()
	if r.ID == "" || r.What == "" || r.Source == "" || r.Unit == "" || !(r.Tolerance() > 0) {
		t.Fatalf("incomplete row: %+v", r)
	}
	if !r.Holds() {
		t.Errorf("%s %s: %.9g %s, but %s gives %.9g: off by %s, allowed are %s",
			r.ID, r.What, r.Ours, r.Unit, r.Source, r.Reference, r.off(), r.allowed())
		return
	}
	t.Attr(Attribute, r.Markdown())
	switch has, err := documented(r.Markdown()); {
	case err != nil:
		t.Error(err)
	case !has:
		t.Errorf("docs/models.md does not have this row; run `make models`:\n%s", r.Markdown())
	}
}

// Tolerance is how far ours may lie from the reference, in Unit.
func (r Row) Tolerance() float64 {
	return math.Max(r.Absolute, r.Relative*math.Abs(r.Reference))
}

// Holds reports whether ours is within the tolerance; NaN is not.
func (r Row) Holds() bool { return math.Abs(r.Ours-r.Reference) <= r.Tolerance() }

// Markdown is the row of the table.
func (r Row) Markdown() string {
	cells := []string{r.ID, r.What, r.Source, number(r.Reference, r.Unit), number(r.Ours, r.Unit), r.off(), r.allowed()}
	if r.negligible() {
		cells[4], cells[5] = "0", "less than "+withUnit(fmt.Sprintf("%.1g", vanishing*r.Tolerance()), r.Unit)
	}
	for i, c := range cells {
		cells[i] = strings.Join(strings.Fields(strings.ReplaceAll(c, "|", "¦")), " ")
	}
	return "| " + strings.Join(cells, " | ") + " |"
}

// vanishing is the part of the tolerance below which a residual that should be
// nothing is printed as nothing: its digits are rounding errors.
const vanishing = 1e-3

func (r Row) negligible() bool {
	return r.Reference == 0 && math.Abs(r.Ours) < vanishing*r.Tolerance()
}

// rounding is the relative difference below which two numbers are called equal.
const rounding = 1e-12

// off is the error, in the manner in which the tolerance is given.
func (r Row) off() string {
	off := r.Ours - r.Reference
	switch {
	case math.Abs(off) <= rounding*math.Max(math.Abs(r.Reference), r.Tolerance()):
		return "none"
	case r.relative():
		return fmt.Sprintf("%+.2g %%", 100*off/math.Abs(r.Reference))
	}
	return withUnit(fmt.Sprintf("%+.2g", off), r.Unit)
}

func (r Row) allowed() string {
	if r.relative() {
		return fmt.Sprintf("%.2g %%", 100*r.Relative)
	}
	return number(r.Absolute, r.Unit)
}

func (r Row) relative() bool { return r.Tolerance() > r.Absolute }

func number(v float64, unit string) string { return withUnit(fmt.Sprintf("%.7g", v), unit) }

func withUnit(v, unit string) string {
	if unit == "1" {
		return v
	}
	return v + " " + unit
}

// documented reports whether docs/models.md of the module the test belongs to
// has the line.
func documented(line string) (bool, error) {
	root, err := moduleRoot()
	if err != nil {
		return false, err
	}
	text, err := os.ReadFile(filepath.Join(root, "docs", "models.md"))
	if err != nil {
		return false, fmt.Errorf("the table of the models: %w", err)
	}
	return strings.Contains(string(text), line+"\n"), nil
}

func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); !errors.Is(err, fs.ErrNotExist) {
			return dir, err
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("no go.mod above the test's directory")
		}
		dir = parent
	}
}
