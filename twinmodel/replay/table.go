package replay

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"twinrig/twinmodel"
)

// maxCells bounds a recording.
const maxCells = 50_000_000

// Table is a recording. Several plants can play the same one.
type Table struct {
	spec  twinmodel.Spec
	at    []float64   // s since the first row
	value [][]float64 // by column, then row
}

var heading = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9_]*)(?:\s*\[([^\]]*)\])?$`)

// Read reads a recording in CSV. The first column is time, in seconds or as RFC
// 3339 instants, and increases; the others are headed by a signal's name and its
// unit, as in "temperature [°C]". Without a unit a column is a bare number.
func Read(r io.Reader) (*Table, error) {
	in := csv.NewReader(r)
	in.TrimLeadingSpace = true
	in.ReuseRecord = true
	header, err := in.Read()
	if err != nil {
		return nil, fmt.Errorf("read recording: no header: %w", err)
	}
	t := &Table{spec: twinmodel.Spec{Kind: "replay", Title: "recording"}}
	if err := t.columns(header); err != nil {
		return nil, fmt.Errorf("read recording: line 1: %w", err)
	}
	var first time.Time
	for {
		row, err := in.Read()
		if err == io.EOF {
			break
		}
		line, _ := in.FieldPos(0)
		if err == nil {
			err = t.row(row, &first)
		}
		if err != nil {
			return nil, fmt.Errorf("read recording: line %d: %w", line, err)
		}
	}
	if len(t.at) < 2 {
		return nil, errors.New("read recording: at least two rows are needed")
	}
	t.ranges()
	return t, nil
}

func (t *Table) columns(header []string) error {
	if len(header) < 2 {
		return errors.New("a time column and at least one signal are needed")
	}
	t.value = make([][]float64, len(header)-1)
	for _, h := range header[1:] {
		m := heading.FindStringSubmatch(strings.TrimSpace(h))
		if m == nil {
			return fmt.Errorf("heading %q; write a name and a unit, such as temperature [°C]", h)
		}
		if _, twice := t.spec.Signal(m[1]); twice {
			return fmt.Errorf("two columns are called %q", m[1])
		}
		unit := m[2]
		if unit == "" {
			unit = "1"
		}
		quantity := twinmodel.UnitQuantity(unit)
		if quantity == "" {
			return fmt.Errorf("unknown unit %q; known are %s", unit, strings.Join(twinmodel.Units(""), ", "))
		}
		t.spec.Signals = append(t.spec.Signals, twinmodel.Signal{Name: m[1], Label: label(m[1]), Quantity: quantity, Unit: unit, Doc: "recorded"})
	}
	return nil
}

// label is a name as words: "boxTemperature" is the "box temperature".
func label(name string) string {
	var b strings.Builder
	for i, r := range strings.ReplaceAll(name, "_", " ") {
		if i > 0 && r >= 'A' && r <= 'Z' {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return strings.ToLower(b.String())
}

func (t *Table) row(row []string, first *time.Time) error {
	at, err := instant(row[0], first)
	if err != nil {
		return err
	}
	if n := len(t.at); n > 0 && at <= t.at[n-1] {
		return fmt.Errorf("time %s does not lie after the row before", row[0])
	}
	if (len(t.at)+1)*len(row) > maxCells {
		return fmt.Errorf("more than %d cells", maxCells)
	}
	for i, cell := range row[1:] {
		v, err := strconv.ParseFloat(strings.TrimSpace(cell), 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("%s: %q is not a finite number", t.spec.Signals[i].Name, cell)
		}
		t.value[i] = append(t.value[i], v)
	}
	t.at = append(t.at, at)
	return nil
}

// instant is a time cell in seconds since the first.
func instant(cell string, first *time.Time) (float64, error) {
	if v, err := strconv.ParseFloat(cell, 64); err == nil && math.Abs(v) < 1e9 {
		return v, nil
	}
	at, err := time.Parse(time.RFC3339Nano, cell)
	if err != nil {
		return 0, fmt.Errorf("time %q is neither seconds nor an RFC 3339 instant such as 2026-06-01T06:00:00Z", cell)
	}
	if first.IsZero() {
		*first = at
	}
	return at.Sub(*first).Seconds(), nil
}

// ranges sets the signals' ranges to what was recorded and counts time from the
// first row.
func (t *Table) ranges() {
	for i, column := range t.value {
		s := &t.spec.Signals[i]
		s.Min, s.Max = column[0], column[0]
		for _, v := range column {
			s.Min, s.Max = math.Min(s.Min, v), math.Max(s.Max, v)
		}
	}
	begin := t.at[0]
	for i := range t.at {
		t.at[i] -= begin
	}
}

// Spec describes the recording's signals.
func (t *Table) Spec() *twinmodel.Spec { return &t.spec }

// Length is how long the recording is.
func (t *Table) Length() time.Duration {
	return time.Duration(t.at[len(t.at)-1] * float64(time.Second))
}
