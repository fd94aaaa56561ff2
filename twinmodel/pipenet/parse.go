package pipenet

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// units turn the file's numbers into SI.
type units struct{ flow, length, diameter, pressure, roughness float64 }

const (
	gpm = cubicFoot / 448.831
	psi = foot / 0.4333
)

// flowUnits holds m³/s per unit; us says that lengths are feet and inches.
var flowUnits = map[string]struct {
	flow float64
	us   bool
}{
	"CFS": {cubicFoot, true}, "GPM": {gpm, true}, "MGD": {cubicFoot / 0.64632, true}, "IMGD": {cubicFoot / 0.5382, true}, "AFD": {cubicFoot / 1.9837, true},
	"LPS": {1e-3, false}, "LPM": {1e-3 / 60, false}, "MLD": {1e3 / 86400, false}, "CMH": {1.0 / 3600, false}, "CMD": {1.0 / 86400, false}, "CMS": {1, false},
}

func newParser() *parser {
	p := &parser{rows: map[string][]row{}, nodes: map[string]int{}, links: map[string]int{}, patterns: map[string]int{},
		curves: map[string][][2]float64{}, listed: map[int]bool{}, demand: 1, viscosity: 1, pattern: -1}
	p.net.Exponent, p.net.Accuracy, p.net.Trials, p.net.Density = 0.5, 1e-6, 200, 1000
	p.net.Service = Service{Required: 0.1, Exponent: 0.5}
	p.net.Times = Times{Step: 3600, PatternStep: 3600}
	p.setUnits("GPM")
	return p
}

func (p *parser) setUnits(name string) bool {
	u, ok := flowUnits[strings.ToUpper(name)]
	p.units = units{u.flow, 1, 1e-3, 1, 1e-3}
	if u.us {
		p.units = units{u.flow, foot, foot / 12, psi, foot / 1000}
	}
	return ok
}

func number(s string) (float64, error) {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) || math.Abs(v) > 1e12 {
		return 0, fmt.Errorf("%q is not a number", s)
	}
	return v, nil
}

// numbers reads fields from one on; missing ones keep their value.
func (r row) numbers(from int, into ...*float64) error {
	for i, v := range into {
		if from+i >= len(r.f) {
			return nil
		}
		x, err := number(r.f[from+i])
		if err != nil {
			return err
		}
		*v = x
	}
	return nil
}

func (r row) need(n int) error {
	if len(r.f) < n {
		return fmt.Errorf("%d fields, at least %d wanted", len(r.f), n)
	}
	return nil
}

func (p *parser) readPattern(r row) error {
	k, ok := p.patterns[r.f[0]]
	if !ok {
		k = len(p.net.Patterns)
		p.patterns[r.f[0]] = k
		p.net.Patterns = append(p.net.Patterns, nil)
	}
	for _, s := range r.f[1:] {
		v, err := number(s)
		if err != nil {
			return err
		}
		p.net.Patterns[k] = append(p.net.Patterns[k], v)
	}
	return nil
}

func (p *parser) readCurve(r row) error {
	var x, y float64
	if err := errors.Join(r.need(3), r.numbers(1, &x, &y)); err != nil {
		return err
	}
	p.curves[r.f[0]] = append(p.curves[r.f[0]], [2]float64{x, y})
	return nil
}

func (p *parser) readOption(r row) (err error) {
	key, last := strings.ToUpper(r.f[0]), r.f[len(r.f)-1]
	if len(r.f) < 2 {
		return r.need(2)
	}
	switch key {
	case "UNITS":
		if !p.setUnits(last) {
			return fmt.Errorf("unknown unit of flow %q", last)
		}
	case "HEADLOSS":
		formulas := map[string]Formula{"H-W": HazenWilliams, "D-W": DarcyWeisbach, "C-M": ChezyManning}
		f, ok := formulas[strings.ToUpper(last)]
		if !ok {
			return fmt.Errorf("formula %q is unknown; H-W, D-W and C-M are known", last)
		}
		p.net.Formula = f
	case "VISCOSITY":
		p.viscosity, err = number(last)
		if err == nil && p.viscosity <= 0 {
			err = errors.New("viscosity must be positive")
		}
	case "PATTERN":
		if k, ok := p.patterns[last]; ok {
			p.pattern = k
		}
	case "SPECIFIC":
		var gravity float64
		if gravity, err = number(last); err == nil && !(gravity >= 0.1 && gravity <= 20) {
			err = errors.New("specific gravity must lie between 0.1 and 20")
		}
		p.net.Density = 1000 * gravity
	case "DEMAND", "MINIMUM", "REQUIRED", "PRESSURE":
		err = p.readService(strings.ToUpper(key+" "+r.f[1]), last)
	case "EMITTER":
		if strings.EqualFold(r.f[1], "EXPONENT") {
			p.net.Exponent, err = number(last)
			if err == nil && !(p.net.Exponent > 0.01 && p.net.Exponent <= 10) {
				err = errors.New("emitter exponent must lie between 0.01 and 10")
			}
		}
	}
	return err
}

// readService reads how demands are served.
func (p *parser) readService(key, value string) (err error) {
	s := &p.net.Service
	switch key {
	case "DEMAND MULTIPLIER":
		p.demand, err = number(value)
	case "DEMAND MODEL":
		if s.Driven = strings.EqualFold(value, "PDA"); !s.Driven && !strings.EqualFold(value, "DDA") {
			err = fmt.Errorf("demand model %q; DDA and PDA are known", value)
		}
	case "MINIMUM PRESSURE":
		s.Minimum, err = number(value)
	case "REQUIRED PRESSURE":
		s.Required, err = number(value)
	case "PRESSURE EXPONENT":
		if s.Exponent, err = number(value); err == nil && !(s.Exponent > 0.01 && s.Exponent <= 10) {
			err = errors.New("pressure exponent must lie between 0.01 and 10")
		}
	}
	return err
}

// finishOptions uses EPANET's viscosity of water: 1.1e-5 ft²/s. EPANET takes
// values below 1e-3 as absolute.
func (p *parser) finishOptions() {
	p.net.Viscosity = p.viscosity * 1.1e-5 * foot * foot
	if p.viscosity <= 1e-3 {
		p.net.Viscosity = p.viscosity * p.units.length * p.units.length
	}
	p.units.pressure *= 1000 / p.net.Density
	p.net.Service.Minimum *= p.units.pressure
	p.net.Service.Required *= p.units.pressure
	if k, ok := p.patterns["1"]; ok && p.pattern < 0 {
		p.pattern = k
	}
}

func (p *parser) readTime(r row) error {
	into := map[string]*float64{"DURATION": &p.net.Times.Duration, "HYDRAULIC TIMESTEP": &p.net.Times.Step, "PATTERN TIMESTEP": &p.net.Times.PatternStep,
		"PATTERN START": &p.net.Times.PatternStart, "START CLOCKTIME": &p.net.Times.StartClock}
	upper := strings.ToUpper(strings.Join(r.f, " "))
	for key, v := range into {
		if rest, ok := strings.CutPrefix(upper, key); ok {
			t, err := clock(strings.Fields(rest))
			if err != nil {
				return err
			}
			*v = t
			return nil
		}
	}
	return nil
}

// clock reads "12:30", "12:30:15", "1.5" (hours), "90 MIN", "12 AM".
func clock(f []string) (float64, error) {
	if len(f) == 0 {
		return 0, errors.New("a time is missing")
	}
	t, per := 0.0, 3600.0
	for _, s := range strings.Split(f[0], ":") {
		v, err := number(s)
		if err != nil || v < 0 || v > 1e6 || per < 1 {
			return 0, fmt.Errorf("%q is not a time", f[0])
		}
		t += float64(v * per)
		per /= 60
	}
	if len(f) < 2 {
		return t, nil
	}
	switch unit := strings.ToUpper(f[1]); {
	case strings.HasPrefix(unit, "SEC"):
		t /= 3600
	case strings.HasPrefix(unit, "MIN"):
		t /= 60
	case strings.HasPrefix(unit, "DAY"):
		t *= 24
	case unit == "AM" && t >= 12*3600:
		t -= 12 * 3600
	case unit == "PM" && t < 12*3600:
		t += 12 * 3600
	}
	return t, nil
}
