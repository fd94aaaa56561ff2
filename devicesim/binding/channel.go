package binding

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"twinrig/devicesim"
	"twinrig/twinmodel"
	"twinrig/twinmodel/dtdl"
)

// Channel carries values of one signal to one element and back.
type Channel struct {
	Element  Element
	Signal   twinmodel.Signal
	unit     string // of the value on the wire, as twinmodel calls it
	decimals int
	values   []any // for states: JSON value of state 0, 1, …
}

// Digits is the decimals argument that keeps six significant digits.
const Digits = -1

// Bind makes a channel. Numbers are rounded to decimals, or to Digits. unit, in
// twinmodel's words, is for elements to which the model gives none; it is empty
// otherwise.
func Bind(e Element, sig twinmodel.Signal, unit string, decimals int) (*Channel, error) {
	c := &Channel{Element: e, Signal: sig, decimals: decimals}
	err := c.choose(unit)
	if err == nil && sig.States != nil {
		err = c.states()
	} else if err == nil {
		err = c.number()
	}
	if err != nil {
		return nil, fmt.Errorf("bind %s to %s: %w", e, sig.Name, err)
	}
	return c, nil
}

// choose finds the unit on the wire.
func (c *Channel) choose(unit string) error {
	if c.unit = unit; c.Element.Unit == "" {
		if c.unit == "" {
			c.unit = c.Signal.Unit
		}
		return nil
	}
	if unit != "" {
		return fmt.Errorf("the model gives the unit %s already; leave unit out", c.Element.Unit)
	}
	name, ok := dtdl.PlantUnit(c.Element.Unit)
	if !ok {
		return fmt.Errorf("no plant has the unit %s", c.Element.Unit)
	}
	c.unit = name
	return nil
}

// number checks that a number of the signal's unit can be sent.
func (c *Channel) number() error {
	if c.Element.Schema == nil {
		return fmt.Errorf("its schema could not be read")
	}
	switch kind := c.Element.Schema.Kind; kind {
	case "double", "float", "integer", "long":
	default:
		return fmt.Errorf("a %s in %s is a number, but the schema is %s", c.Signal.Quantity, c.Signal.Unit, kind)
	}
	if _, err := twinmodel.Convert(0, c.Signal.Unit, c.unit); err != nil {
		return fmt.Errorf("a %s in %s cannot be sent in %s, which is a %s",
			c.Signal.Quantity, c.Signal.Unit, c.unit, twinmodel.UnitQuantity(c.unit))
	}
	return nil
}

// states finds the JSON value of each state.
func (c *Channel) states() error {
	s := c.Element.Schema
	if s == nil {
		return fmt.Errorf("its schema could not be read")
	}
	for i, state := range c.Signal.States {
		switch {
		case s.Kind == "boolean" && len(c.Signal.States) == 2:
			c.values = append(c.values, i == 1)
		case s.Kind == "string":
			c.values = append(c.values, state)
		case s.Kind == dtdl.Enum:
			v, ok := enumValue(s, state)
			if !ok {
				return fmt.Errorf("no enum value for the state %q", state)
			}
			c.values = append(c.values, v)
		case s.Kind == "integer" || s.Kind == "long" || s.Kind == "double" || s.Kind == "float":
			c.values = append(c.values, json.Number(strconv.Itoa(i)))
		default:
			return fmt.Errorf("%d states (%s) do not fit the schema %s", len(c.Signal.States), strings.Join(c.Signal.States, ", "), s.Kind)
		}
	}
	return nil
}

// enumValue is the enum value that bears a state's name; spaces and capitals do
// not count.
func enumValue(s *dtdl.Schema, state string) (any, bool) {
	plain := func(s string) string {
		return strings.ToLower(strings.NewReplacer(" ", "", "_", "", "-", "").Replace(s))
	}
	for _, v := range s.Values {
		if plain(v.Name) != plain(state) {
			continue
		}
		if s.Integer {
			return json.Number(strconv.FormatInt(v.Value, 10)), true
		}
		return v.Text, true
	}
	return nil, false
}

// Encode turns a value in the signal's unit to what goes on the wire. A value
// that the schema cannot hold is an error.
func (c *Channel) Encode(v float64) (any, error) {
	if c.values != nil {
		i := int(math.Round(v))
		if math.IsNaN(v) || i < 0 || i >= len(c.values) {
			return nil, fmt.Errorf("send %s: %g is none of %s", c.Element, v, strings.Join(c.Signal.States, ", "))
		}
		return c.values[i], nil
	}
	w, err := twinmodel.Convert(v, c.Signal.Unit, c.unit)
	if err != nil {
		return nil, fmt.Errorf("send %s: %w", c.Element, err)
	}
	if math.IsNaN(w) || math.IsInf(w, 0) {
		return nil, fmt.Errorf("send %s: %g is not finite", c.Element, w)
	}
	number := c.round(w)
	if err := c.Element.Schema.Check([]byte(number)); err != nil {
		return nil, fmt.Errorf("send %s: %w", c.Element, err)
	}
	return number, nil
}

// round takes care that nothing rounds to a negative zero.
func (c *Channel) round(w float64) json.Number {
	number := c.digits(w)
	if v, err := number.Float64(); err == nil && v == 0 {
		return json.Number(strings.TrimPrefix(string(number), "-"))
	}
	return number
}

func (c *Channel) digits(w float64) json.Number {
	switch kind := c.Element.Schema.Kind; {
	case kind == "integer" || kind == "long":
		return devicesim.Number(math.RoundToEven(w), 0)
	case c.decimals >= 0:
		return devicesim.Number(w, c.decimals)
	}
	return json.Number(strconv.FormatFloat(w, 'g', 6, 64))
}

// Decode turns a value from the wire, as encoding/json decodes it, to the
// signal's unit, and holds it to the signal's range.
func (c *Channel) Decode(value any) (float64, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return 0, fmt.Errorf("take %s: %w", c.Element, err)
	}
	if err := c.Element.Schema.Check(text); err != nil {
		return 0, fmt.Errorf("take %s: %w", c.Element, err)
	}
	for i, known := range c.values {
		if same, _ := json.Marshal(known); string(same) == string(text) {
			return float64(i), nil
		}
	}
	w, ok := value.(float64)
	if c.values != nil || !ok {
		return 0, fmt.Errorf("take %s: %s is none of %s", c.Element, text, strings.Join(c.Signal.States, ", "))
	}
	v, err := twinmodel.Convert(w, c.unit, c.Signal.Unit)
	if err == nil && !(v >= c.Signal.Min && v <= c.Signal.Max) {
		err = fmt.Errorf("%g %s is outside %g to %g", v, c.Signal.Unit, c.Signal.Min, c.Signal.Max)
	}
	if err != nil {
		return 0, fmt.Errorf("take %s: %w", c.Element, err)
	}
	return v, nil
}
