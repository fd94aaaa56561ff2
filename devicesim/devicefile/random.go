package devicefile

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"twinrig/devicesim/binding"
	"twinrig/twinmodel"
)

// chance makes up values for an element that nothing measures.
type chance struct {
	distribution string
	min, max     float64
	mean, spread float64
	values       []json.RawMessage // of a choice
	channel      *binding.Channel  // of a number
	stream       *rand.PCG         // of one device: power-off does not rewind it
}

// The distributions.
const (
	uniform = "uniform"
	normal  = "normal"
	choice  = "choice"
)

// chance checks what a device file says about a random element.
func (l *loader) chance(place []string, e binding.Element, f *random, src source) (*chance, error) {
	c := &chance{distribution: f.Distribution, mean: f.Mean, spread: f.Deviation}
	number := f.Min != nil || f.Max != nil || f.Mean != 0 || f.Deviation != 0
	switch {
	case src.Sensor != nil || src.Unit != "":
		return nil, l.wrong(place, "sensor and unit belong to a signal; a random value is made in the element's unit")
	case f.Distribution == choice && (number || len(f.Values) == 0):
		return nil, l.wrong(place, "write the values to choose from: random: {distribution: choice, values: [a, b]}")
	case f.Distribution == choice:
		for _, v := range f.Values {
			text, err := l.constant(place, e, v)
			if err != nil {
				return nil, err
			}
			c.values = append(c.values, text)
		}
		return c, nil
	case f.Distribution != uniform && f.Distribution != normal:
		return nil, l.wrong(place, "there is no distribution %q; there are %s", f.Distribution, names([]string{uniform, normal, choice}))
	case f.Min == nil || f.Max == nil || len(f.Values) > 0:
		return nil, l.wrong(place, "give its range, min and max, in the element's unit")
	}
	c.min, c.max = *f.Min, *f.Max
	if err := c.numbers(e, src.Decimals); err != nil {
		return nil, l.wrong(place, "%w", err)
	}
	return c, nil
}

// numbers holds the range to itself and to the element.
func (c *chance) numbers(e binding.Element, decimals *int) error {
	switch width := c.max - c.min; {
	case !(width > 0) || math.IsInf(width, 0):
		return fmt.Errorf("the range %g to %g is empty", c.min, c.max)
	case c.distribution == uniform && (c.mean != 0 || c.spread != 0):
		return errors.New("mean and deviation belong to the normal distribution")
	case c.distribution == normal && !(c.mean >= c.min && c.mean <= c.max):
		return fmt.Errorf("mean %g is outside the range %g to %g", c.mean, c.min, c.max)
	case c.distribution == normal && !(c.spread > 0 && c.spread <= width):
		return fmt.Errorf("deviation %g; it is more than 0 and at most the width of the range", c.spread)
	}
	digits := binding.Digits
	if decimals != nil {
		digits = *decimals
	}
	e.Unit = "" // it is made in the element's own
	var err error
	if c.channel, err = binding.Bind(e, twinmodel.Signal{Name: "random", Quantity: twinmodel.Ratio, Unit: "1"}, "", digits); err != nil {
		return err
	}
	for _, end := range []float64{c.min, c.max} {
		if _, err := c.channel.Encode(end); err != nil {
			return err
		}
	}
	return nil
}

// of is the source of chance of one device.
func (c chance) of(stream *rand.PCG) *chance {
	c.stream = stream
	return &c
}

// draw makes the next value, as it goes on the wire.
func (c *chance) draw() (any, error) {
	switch c.distribution {
	case choice:
		return c.values[rand.New(c.stream).IntN(len(c.values))], nil
	case uniform:
		return c.channel.Encode(c.min + float64((c.max-c.min)*c.share()))
	}
	// Values outside the range are drawn again; a third at least lie inside.
	const patience = 100
	for range patience {
		if v := c.mean + float64(c.spread*twinmodel.Normal(c.stream)); v >= c.min && v <= c.max {
			return c.channel.Encode(v)
		}
	}
	return c.channel.Encode(c.mean)
}

// share is a number from 0 to 1.
func (c *chance) share() float64 { return float64(c.stream.Uint64()>>11) * 0x1p-53 }

// forDevice gives every random value a stream of its own.
func (l law) forDevice(stream func(name string) *rand.PCG) law {
	l.values = slices.Clone(l.values)
	for i, v := range l.values {
		if v.chance != nil {
			l.values[i].chance = v.chance.of(stream("random " + v.element.String()))
		}
	}
	return l
}
