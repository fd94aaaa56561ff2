package reports

import (
	"cmp"
	"math"
	"slices"
)

// split makes one panel of the courses that can be read together, and more of
// the rest. Courses without a value are dropped.
func (p *panel) split() []panel {
	var panels []panel
	courses := slices.DeleteFunc(p.courses, (*course).empty)
	if len(courses) == 0 {
		return nil
	}
	for _, together := range byRange(courses) {
		for _, few := range byColours(together) {
			part := panel{title: p.title, unit: p.unit, courses: few}
			if len(few) == 1 {
				part.title = few[0].label
			}
			part.title = capitalized(part.title)
			panels = append(panels, part)
		}
	}
	return panels
}

// byRange parts courses that lie so far from each other that a common axis
// would leave each of them flat.
func byRange(courses []*course) [][]*course {
	const tooFar = 0.35 // of the common range
	if len(courses) < 2 {
		return [][]*course{courses}
	}
	sorted := slices.SortedStableFunc(slices.Values(courses), func(a, b *course) int { return cmp.Compare(a.low, b.low) })
	low, high, top := sorted[0].low, sorted[0].high, math.Inf(-1)
	for _, c := range sorted {
		top = math.Max(top, c.high)
	}
	for _, c := range sorted[1:] {
		if c.low-high > tooFar*(top-low) {
			below := func(c *course) bool { return c.high <= high }
			lower := slices.DeleteFunc(slices.Clone(courses), func(c *course) bool { return !below(c) })
			upper := slices.DeleteFunc(slices.Clone(courses), below)
			return append(byRange(lower), byRange(upper)...)
		}
		high = math.Max(high, c.high)
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
