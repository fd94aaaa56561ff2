package pipenet

import (
	"errors"
	"fmt"
	"strings"

	"twinrig/twinmodel/detmath"
)

// emitterScale is a unit of pressure, in m, to the power of the exponent.
func emitterScale(pressure, exponent float64) float64 { return detmath.Pow(pressure, exponent) }

func (p *parser) addLink(l Link, r row) error {
	from, err := p.nodeAt(r, 1)
	to, err2 := p.nodeAt(r, 2)
	if err := errors.Join(err, err2); err != nil {
		return err
	}
	if _, ok := p.links[r.f[0]]; ok {
		return fmt.Errorf("link %s is there twice", r.f[0])
	}
	l.ID, l.From, l.To, l.Line = r.f[0], from, to, r.line
	p.links[l.ID] = len(p.net.Links)
	p.net.Links = append(p.net.Links, l)
	return nil
}

func (p *parser) readPipe(r row) error {
	l := Link{Speed: 1}
	if err := errors.Join(r.need(6), r.numbers(3, &l.Length, &l.Diameter, &l.Roughness)); err != nil {
		return err
	}
	l.Length *= p.units.length
	l.Diameter *= p.units.diameter
	if p.net.Formula == DarcyWeisbach {
		l.Roughness *= p.units.roughness
	}
	for _, s := range r.f[6:] {
		switch strings.ToUpper(s) {
		case "OPEN":
		case "CLOSED":
			l.Closed = true
		case "CV":
			l.Kind = CheckPipe
		default:
			v, err := number(s)
			if err != nil {
				return err
			}
			l.Minor = v
		}
	}
	return p.addLink(l, r)
}

func (p *parser) readPump(r row) (err error) {
	l := Link{Kind: Pump, Speed: 1}
	if err := r.need(5); err != nil {
		return err
	}
	for i := 3; i+1 < len(r.f); i += 2 {
		switch value := r.f[i+1]; strings.ToUpper(r.f[i]) {
		case "HEAD":
			l.Curve, err = p.pumpCurve(value)
		case "POWER":
			l.Curve.Power, err = number(value)
			l.Curve.Power *= 745.7
			if p.units.length == 1 {
				l.Curve.Power *= 1000 / 745.7
			}
		case "SPEED":
			l.Speed, err = number(value)
		case "PATTERN":
			k, ok := p.patterns[value]
			if !ok {
				return fmt.Errorf("no pattern %s", value)
			}
			l.Speeds = p.net.Patterns[k]
		default:
			err = fmt.Errorf("unknown parameter %s of a pump; HEAD, POWER, SPEED and PATTERN are known", r.f[i])
		}
		if err != nil {
			return err
		}
	}
	return p.addLink(l, r)
}

func (p *parser) pumpCurve(name string) (PumpCurve, error) {
	c := p.curves[name]
	q, h := p.units.flow, p.units.length
	switch {
	case len(c) == 1:
		return OnePointCurve(float64(c[0][0]*q), float64(c[0][1]*h))
	case len(c) == 2 || len(c) > 3 || len(c) == 3 && c[0][0] != 0:
		points := make([]Point, len(c))
		for i := range c {
			points[i] = Point{float64(c[i][0] * q), float64(c[i][1] * h)}
		}
		return PointCurve(points)
	case len(c) == 3:
		return ThreePointCurve(float64(c[0][1]*h), float64(c[1][0]*q), float64(c[1][1]*h), float64(c[2][0]*q), float64(c[2][1]*h))
	}
	return PumpCurve{}, fmt.Errorf("curve %s has %d points; a pump's has one at least", name, len(c))
}

func (p *parser) readValve(r row) error {
	l := Link{Speed: 1}
	if err := errors.Join(r.need(6), r.numbers(3, &l.Diameter), r.numbers(6, &l.Minor)); err != nil {
		return err
	}
	kinds := map[string]LinkKind{"PRV": PRV, "PSV": PSV, "FCV": FCV, "TCV": TCV, "PBV": PBV, "GPV": GPV}
	k, ok := kinds[strings.ToUpper(r.f[4])]
	if !ok {
		return fmt.Errorf("valve type %s is not supported; PRV, PSV, PBV, FCV, TCV and GPV are", r.f[4])
	}
	l.Kind = k
	if k == GPV {
		for _, c := range p.curves[r.f[5]] {
			l.Loss = append(l.Loss, Point{float64(c[0] * p.units.flow), float64(c[1] * p.units.length)})
		}
	} else if err := r.numbers(5, &l.Setting); err != nil {
		return err
	}
	l.Diameter *= p.units.diameter
	l.Setting *= p.valveUnit(k)
	return p.addLink(l, r)
}

func (p *parser) valveUnit(k LinkKind) float64 {
	switch k {
	case PRV, PSV, PBV:
		return p.units.pressure
	case FCV:
		return p.units.flow
	}
	return 1
}

func (p *parser) linkAt(r row, i int) (int, error) {
	if i >= len(r.f) {
		return 0, errors.New("a link is missing")
	}
	v, ok := p.links[r.f[i]]
	if !ok {
		return 0, fmt.Errorf("no link %s", r.f[i])
	}
	return v, nil
}

func (p *parser) readStatus(r row) error {
	v, err := p.linkAt(r, 0)
	if err := errors.Join(err, r.need(2)); err != nil {
		return err
	}
	l := &p.net.Links[v]
	switch strings.ToUpper(r.f[1]) {
	case "OPEN":
		l.Closed, l.Fixed = false, true
	case "CLOSED":
		l.Closed = true
	default:
		x, err := number(r.f[1])
		if err != nil {
			return err
		}
		if l.Kind == Pump {
			l.Speed = x
		} else {
			l.Setting = x * p.valveUnit(l.Kind)
		}
	}
	return nil
}

// readControl: LINK id OPEN|CLOSED|value IF NODE id ABOVE|BELOW level, or AT
// TIME t, or AT CLOCKTIME t.
func (p *parser) readControl(r row) error {
	if err := r.need(6); err != nil {
		return err
	}
	link, err := p.linkAt(r, 1)
	if err != nil {
		return err
	}
	c := Control{Link: link, Line: r.line}
	switch strings.ToUpper(r.f[2]) {
	case "OPEN":
	case "CLOSED":
		c.Closed = true
	default:
		v, err := number(r.f[2])
		if err != nil {
			return err
		}
		k := p.net.Links[link].Kind
		c.Speed, c.Setting, c.Set, c.Closed = v, v*p.valveUnit(k), k > Pump, k == Pump && v == 0
	}
	switch condition := strings.ToUpper(r.f[3] + " " + r.f[4]); condition {
	case "AT TIME", "AT CLOCKTIME":
		c.Kind = AtTime
		if condition == "AT CLOCKTIME" {
			c.Kind = AtClock
		}
		c.At, err = clock(r.f[5:])
	case "IF NODE", "IF TANK":
		err = p.levelControl(r, &c)
	default:
		err = fmt.Errorf("%q is no condition; IF NODE, AT TIME and AT CLOCKTIME are", condition)
	}
	p.net.Controls = append(p.net.Controls, c)
	return err
}

func (p *parser) levelControl(r row, c *Control) (err error) {
	var level float64
	c.Node, err = p.nodeAt(r, 5)
	if err := errors.Join(err, r.need(8), r.numbers(7, &level)); err != nil {
		return err
	}
	c.Level = level * p.units.pressure
	if p.net.Nodes[c.Node].Kind == Tank {
		c.Level = level * p.units.length
	}
	switch strings.ToUpper(r.f[6]) {
	case "ABOVE":
	case "BELOW":
		c.Kind = Below
	default:
		return fmt.Errorf("%s is neither ABOVE nor BELOW", r.f[6])
	}
	return nil
}
