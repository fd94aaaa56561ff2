package twinmodel

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Measure is a number with its unit, as people write it: "-18 °C", "35 bar".
type Measure struct {
	Value float64
	Unit  string
}

// String is the measure as people write it.
func (m Measure) String() string {
	number := strconv.FormatFloat(m.Value, 'f', -1, 64)
	if m.Unit == "" {
		return number
	}
	return number + " " + m.Unit
}

// ParseMeasure reads a number and a unit.
func ParseMeasure(s string) (Measure, error) {
	s = strings.TrimSpace(s)
	number, name := s, ""
	if i := strings.IndexFunc(s, func(r rune) bool { return !strings.ContainsRune("0123456789+-.eE", r) }); i >= 0 {
		number, name = s[:i], strings.TrimSpace(s[i:])
	}
	v, err := strconv.ParseFloat(number, 64)
	if err != nil || math.IsInf(v, 0) {
		return Measure{}, fmt.Errorf("%q is not a quantity; write a number and a unit, such as -18 °C or 35 bar", s)
	}
	if _, ok := unitIndex[name]; !ok {
		return Measure{}, fmt.Errorf("unknown unit %q in %q; known are %s", name, s, strings.Join(Units(""), ", "))
	}
	return Measure{v, name}, nil
}

// In converts to the unit of a signal. It fails when the measure is of another
// quantity.
func (m Measure) In(sig Signal) (float64, error) {
	if m.Unit == sig.Unit {
		return m.Value, nil
	}
	v, err := Convert(m.Value, m.Unit, sig.Unit)
	if err != nil {
		return 0, fmt.Errorf("%s is a %s, but %s is a %s in %s; write it in %s",
			m, UnitQuantity(m.Unit), sig.Label, sig.Quantity, sig.Unit, strings.Join(Units(UnitQuantity(sig.Unit)), ", "))
	}
	return v, nil
}

// Resolve reads what a person writes for a value of the signal: the name of a
// state, or a measure, which is converted to the signal's unit.
func (s Signal) Resolve(text string) (float64, error) {
	for i, state := range s.States {
		if strings.EqualFold(state, strings.TrimSpace(text)) {
			return float64(i), nil
		}
	}
	if s.States != nil {
		return 0, fmt.Errorf("%s cannot be %q; it is one of %s", s.Label, text, strings.Join(s.States, ", "))
	}
	m, err := ParseMeasure(text)
	if err != nil {
		return 0, err
	}
	return m.In(s)
}

// Convert turns a value in one unit to another of the same quantity.
func Convert(v float64, from, to string) (float64, error) {
	if from == to {
		return v, nil
	}
	i, known := unitIndex[from]
	j, alsoKnown := unitIndex[to]
	if !known || !alsoKnown || unitTable[i].quantity != unitTable[j].quantity {
		return 0, fmt.Errorf("convert %q to %q: not units of the same quantity", from, to)
	}
	a, b := unitTable[i], unitTable[j]
	return (float64(v*a.scale) + a.offset - b.offset) / b.scale, nil
}

// UnitQuantity is what a unit measures; empty when the unit is not known.
func UnitQuantity(name string) Quantity {
	if i, ok := unitIndex[name]; ok {
		return unitTable[i].quantity
	}
	return ""
}

// Units are the names of a quantity's units, or of all for the empty quantity.
func Units(of Quantity) (names []string) {
	for _, u := range unitTable {
		if u.name != "" && (of == "" || u.quantity == of) {
			names = append(names, u.name)
		}
	}
	return names
}

var durationUnits = map[string]time.Duration{
	"ms": time.Millisecond, "millisecond": time.Millisecond,
	"s": time.Second, "second": time.Second,
	"min": time.Minute, "minute": time.Minute,
	"h": time.Hour, "hour": time.Hour,
	"d": 24 * time.Hour, "day": 24 * time.Hour,
}

// ParseDuration reads "5 minutes", "1 hour", "90 s", and "90s" as well.
func ParseDuration(s string) (time.Duration, error) {
	s = strings.TrimSpace(s)
	number, name := s, ""
	if i := strings.IndexFunc(s, func(r rune) bool { return !strings.ContainsRune("0123456789+-.", r) }); i >= 0 {
		number, name = s[:i], strings.TrimSpace(s[i:])
	}
	v, err := strconv.ParseFloat(number, 64)
	per, known := durationUnits[name]
	if !known {
		per, known = durationUnits[strings.TrimSuffix(name, "s")]
	}
	if err != nil || !known || v < 0 || v*float64(per) > math.MaxInt64/2 {
		return 0, fmt.Errorf("%q is not a duration; write a number and ms, seconds, minutes, hours or days, such as 5 minutes", s)
	}
	return time.Duration(v * float64(per)), nil
}
