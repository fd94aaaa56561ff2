package reports

import (
	"cmp"
	"math"
	"slices"
)

// split makes one panel of the courses that can be read together, and more of
// the rest: those a requirement is on stand apart, so that its limits can be
// seen. Courses without a value are dropped.
func (p *panel) split(requirements []Event) (panels []panel, constant []*course) {
	var judged, other []*course
	for _, c := range p.courses {
		switch {
		case c.empty():
		case slices.ContainsFunc(requirements, func(e Event) bool { return c.judgedBy(e.Requirement) }):
			judged = append(judged, c)
		case c.low == c.high:
			constant = append(constant, c)
		default:
			other = append(other, c)
		}
	}
	for _, together := range append(byRange(judged), byRange(other)...) {
		for _, few := range byColours(together) {
			panels = append(panels, p.part(few, requirements))
		}
	}
	return panels, constant
}

// part is a panel of some of the courses.
func (p *panel) part(courses []*course, requirements []Event) panel {
	part := panel{title: p.title, unit: p.unit, courses: courses}
	if !slices.ContainsFunc(courses, func(c *course) bool { return c.label != courses[0].label }) {
		part.title = courses[0].label
	}
	part.title = capitalized(part.title)
	for _, e := range requirements {
		if slices.ContainsFunc(courses, func(c *course) bool { return c.judgedBy(e.Requirement) }) {
			part.requirements = append(part.requirements, *e.Requirement)
		}
	}
	return part
}

// judgedBy says whether a requirement is on this course.
func (c *course) judgedBy(r *Requirement) bool {
	return r.Signal != "" && r.Signal == c.name && (r.Entity == "" || r.Entity == c.entity)
}

// byRange parts courses that lie so far from each other that a common axis
// would leave each of them flat. Where a course lies is where it mostly is: a
// peak does not make it a neighbour.
func byRange(courses []*course) [][]*course {
	const tooFar = 0.35 // of the common range
	if len(courses) < 2 {
		return slices.DeleteFunc([][]*course{courses}, func(c []*course) bool { return len(c) == 0 })
	}
	type place struct {
		*course
		low, high float64
	}
	places := make([]place, len(courses))
	low, high := math.Inf(1), math.Inf(-1)
	for i, c := range courses {
		l, h := c.mostly()
		places[i] = place{c, l, h}
		low, high = math.Min(low, l), math.Max(high, h)
	}
	slices.SortStableFunc(places, func(a, b place) int { return cmp.Compare(a.low, b.low) })
	top := places[0].high
	for i, p := range places[1:] {
		if p.low-top > tooFar*(high-low) {
			isLower := func(c *course) bool {
				return slices.ContainsFunc(places[:i+1], func(p place) bool { return p.course == c })
			}
			lower := slices.DeleteFunc(slices.Clone(courses), func(c *course) bool { return !isLower(c) })
			upper := slices.DeleteFunc(slices.Clone(courses), isLower)
			return append(byRange(lower), byRange(upper)...)
		}
		top = math.Max(top, p.high)
	}
	return [][]*course{courses}
}

// byColours parts courses that outnumber the colours, by entity if that helps.
func byColours(courses []*course) [][]*course {
	if len(courses) <= seriesInks {
		return [][]*course{courses}
	}
	slices.SortStableFunc(courses, func(a, b *course) int { return cmp.Compare(a.entity, b.entity) })
	var parts [][]*course
	for len(courses) > seriesInks {
		n := seriesInks
		for n > 1 && courses[n-1].entity == courses[n].entity {
			n--
		}
		if n == 1 && courses[0].entity == courses[1].entity { // one entity has them all
			n = seriesInks
		}
		parts = append(parts, courses[:n])
		courses = courses[n:]
	}
	return append(parts, courses)
}
