package scenarios

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"twinrig/twinmodel"
)

// Quantity is a number with its unit, as a step states it: "-18 °C", "35 bar".
type Quantity struct {
	Value float64
	Unit  string
}

// String is the quantity as people write it.
func (q Quantity) String() string {
	number := strconv.FormatFloat(q.Value, 'f', -1, 64)
	if q.Unit == "" {
		return number
	}
	return number + " " + q.Unit
}

// conversion turns a value linearly to the SI unit of its quantity: SI = scale·v + offset.
type conversion struct {
	quantity      twinmodel.Quantity
	scale, offset float64
}

var units = map[string]conversion{
	"°C":    {twinmodel.Temperature, 1, 273.15},
	"°F":    {twinmodel.Temperature, 5.0 / 9, 459.67 * 5 / 9},
	"K":     {twinmodel.Temperature, 1, 0},
	"Pa":    {twinmodel.Pressure, 1, 0},
	"hPa":   {twinmodel.Pressure, 1e2, 0},
	"kPa":   {twinmodel.Pressure, 1e3, 0},
	"MPa":   {twinmodel.Pressure, 1e6, 0},
	"bar":   {twinmodel.Pressure, 1e5, 0},
	"psi":   {twinmodel.Pressure, 6894.757293168, 0},
	"mm":    {twinmodel.Length, 1e-3, 0},
	"m":     {twinmodel.Length, 1, 0},
	"km":    {twinmodel.Length, 1e3, 0},
	"ft":    {twinmodel.Length, 0.3048, 0},
	"m³/s":  {twinmodel.VolumeFlow, 1, 0},
	"m³/h":  {twinmodel.VolumeFlow, 1.0 / 3600, 0},
	"m³/d":  {twinmodel.VolumeFlow, 1.0 / 86400, 0},
	"bbl/d": {twinmodel.VolumeFlow, 0.158987294928 / 86400, 0},
	"kg/s":  {twinmodel.MassFlow, 1, 0},
	"kg":    {twinmodel.Mass, 1, 0},
	"t":     {twinmodel.Mass, 1e3, 0},
	"J":     {twinmodel.Energy, 1, 0},
	"kWh":   {twinmodel.Energy, 3.6e6, 0},
	"W":     {twinmodel.Power, 1, 0},
	"kW":    {twinmodel.Power, 1e3, 0},
	"A":     {twinmodel.Current, 1, 0},
	"Hz":    {twinmodel.Frequency, 1, 0},
	"m/s":   {twinmodel.Velocity, 1, 0},
	"km/h":  {twinmodel.Velocity, 1 / 3.6, 0},
	"W/m²":  {twinmodel.Irradiance, 1, 0},
	"%":     {twinmodel.Ratio, 1e-2, 0},
	"":      {twinmodel.Ratio, 1, 0},
	"1":     {twinmodel.Ratio, 1, 0},
	"kg/kg": {twinmodel.HumidityRatio, 1, 0},
	"g/kg":  {twinmodel.HumidityRatio, 1e-3, 0},
}

// ParseQuantity reads a number and a unit.
func ParseQuantity(s string) (Quantity, error) {
	s = strings.TrimSpace(s)
	number, name := s, ""
	if i := strings.IndexFunc(s, func(r rune) bool { return !strings.ContainsRune("0123456789+-.eE", r) }); i >= 0 {
		number, name = s[:i], strings.TrimSpace(s[i:])
	}
	v, err := strconv.ParseFloat(number, 64)
	if err != nil || math.IsInf(v, 0) {
		return Quantity{}, fmt.Errorf("%q is not a quantity; write a number and a unit, such as -18 °C or 35 bar", s)
	}
	if _, ok := units[name]; !ok {
		return Quantity{}, fmt.Errorf("unknown unit %q in %q; known are %s", name, s, knownUnits(""))
	}
	return Quantity{v, name}, nil
}

// In converts to the unit of a signal. It fails when the quantity measures
// something else.
func (q Quantity) In(sig twinmodel.Signal) (float64, error) {
	from := units[q.Unit]
	to, ok := units[sig.Unit]
	if !ok || from.quantity != to.quantity {
		return 0, fmt.Errorf("%s is a %s, but %s is a %s in %s; write it in %s",
			q, from.quantity, sig.Label, sig.Quantity, sig.Unit, knownUnits(to.quantity))
	}
	if q.Unit == sig.Unit {
		return q.Value, nil
	}
	return (q.Value*from.scale + from.offset - to.offset) / to.scale, nil
}

// knownUnits lists the units of a quantity, or all.
func knownUnits(of twinmodel.Quantity) string {
	var names []string
	for _, name := range unitOrder {
		if of == "" || units[name].quantity == of {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

var unitOrder = []string{
	"°C", "°F", "K", "Pa", "hPa", "kPa", "MPa", "bar", "psi", "mm", "m", "km", "ft", "m³/s", "m³/h", "m³/d", "bbl/d",
	"kg/s", "kg", "t", "J", "kWh", "W", "kW", "A", "Hz", "m/s", "km/h", "W/m²", "%", "kg/kg", "g/kg",
}

var durationUnits = map[string]time.Duration{
	"ms": time.Millisecond, "millisecond": time.Millisecond,
	"s": time.Second, "second": time.Second,
	"min": time.Minute, "minute": time.Minute,
	"h": time.Hour, "hour": time.Hour,
	"d": 24 * time.Hour, "day": 24 * time.Hour,
}

// ParseDuration reads "5 minutes", "1 hour", "90 s".
func ParseDuration(s string) (time.Duration, error) {
	number, name, _ := strings.Cut(strings.TrimSpace(s), " ")
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
