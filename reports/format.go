package reports

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// number is a value to four significant digits, as a person writes it.
func number(v float64) string {
	if math.IsNaN(v) {
		return "unknown"
	}
	if a := math.Abs(v); a != 0 && (a < 1e-4 || a >= 1e7) {
		return strconv.FormatFloat(v, 'e', 3, 64)
	}
	return strconv.FormatFloat(significant(v, 4), 'f', -1, 64)
}

// fixed is a value with so many decimals, and zero without a sign.
func fixed(v float64, decimals int) string {
	unit := math.Pow10(-decimals)
	if math.Abs(v) < unit/2 {
		v = 0
	}
	return strconv.FormatFloat(v, 'f', decimals, 64)
}

// quantity is a number with its unit. Seconds are written as a duration, and
// the unit one is not written.
func quantity(v float64, unit string) string {
	if unit == "s" && math.Abs(v) < 1e9 {
		return duration(time.Duration(v * float64(time.Second)))
	}
	return labelledUnit(number(v), unit)
}

// labelledUnit is a number with a unit, unless that is one.
func labelledUnit(number, unit string) string {
	if unit == "" || unit == "1" {
		return number
	}
	return number + " " + unit
}

var durationUnits = []struct {
	size time.Duration
	name string
}{
	{24 * time.Hour, "d"}, {time.Hour, "h"}, {time.Minute, "min"}, {time.Second, "s"},
	{time.Millisecond, "ms"}, {time.Microsecond, "µs"}, {time.Nanosecond, "ns"},
}

// duration is a duration in its two largest units: "24 h", "2 h 30 min", "350 ms".
func duration(d time.Duration) string {
	if d < 0 {
		if d == math.MinInt64 {
			d++
		}
		return "-" + duration(-d)
	}
	if d == 0 {
		return "0 s"
	}
	for i, u := range durationUnits {
		// Up to two days are told in hours: "24 h" is what a step says.
		if d < u.size || u.name == "d" && d <= 48*time.Hour {
			continue
		}
		if i+1 >= len(durationUnits) || u.size <= time.Second {
			return strconv.FormatFloat(significant(float64(d)/float64(u.size), 3), 'f', -1, 64) + " " + u.name
		}
		next := durationUnits[i+1]
		whole, rest := d/u.size, (d%u.size+next.size/2)/next.size
		if rest == u.size/next.size {
			whole, rest = whole+1, 0
		}
		if rest == 0 {
			return fmt.Sprintf("%d %s", whole, u.name)
		}
		return fmt.Sprintf("%d %s %d %s", whole, u.name, rest, next.name)
	}
	return d.String()
}

// elapsed is scenario time as h:mm:ss, with milliseconds in scenarios too short
// to do without.
func elapsed(at, total time.Duration) string {
	sign := ""
	if at < 0 {
		sign, at = "-", -max(at, -math.MaxInt64)
	}
	if total >= 2*time.Minute {
		at = at.Round(time.Second)
		return fmt.Sprintf("%s%d:%02d:%02d", sign, at/time.Hour, at/time.Minute%60, at/time.Second%60)
	}
	at = at.Round(time.Millisecond)
	return fmt.Sprintf("%s%d:%02d.%03d", sign, at/time.Minute, at/time.Second%60, at/time.Millisecond%1000)
}

// marginText says how well a requirement was kept.
func marginText(r *Requirement) string {
	switch {
	case r.Margin == nil:
		return ""
	case *r.Margin < 0:
		return "broken by " + quantity(significant(-*r.Margin, 3), r.Unit)
	}
	return "kept by " + quantity(significant(*r.Margin, 3), r.Unit)
}

// significant is a value rounded to so many significant digits.
func significant(v float64, digits int) float64 {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', digits, 64), 64)
	if err != nil { // rounded beyond the largest number
		return v
	}
	return rounded
}

// words is a verdict as a person says it.
func (v Verdict) words() string {
	switch v {
	case Pass:
		return "passed"
	case PassWithDeviation:
		return "passed with deviation"
	case Fail:
		return "failed"
	case NotRun:
		return "not run"
	case NotApplicable:
		return "not applicable"
	}
	return string(v)
}

// plural is "1 scenario", "2 scenarios".
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// printable replaces what could move a terminal's cursor or hide text. Line
// breaks stay.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == ' ' || unicode.IsGraphic(r) {
			return r
		}
		return unicode.ReplacementChar
	}, strings.ReplaceAll(s, "\t", "    "))
}

// aligned is a Gherkin table with its columns in line, and any other text as it
// is.
func aligned(argument string) string {
	lines := strings.Split(strings.TrimSpace(argument), "\n")
	rows := make([][]string, len(lines))
	var widths []int
	for i, l := range lines {
		l = strings.TrimSpace(l)
		if len(l) < 2 || l[0] != '|' || l[len(l)-1] != '|' || strings.Contains(l, `\|`) {
			return argument
		}
		rows[i] = strings.Split(l[1:len(l)-1], "|")
		for j, cell := range rows[i] {
			rows[i][j] = strings.TrimSpace(cell)
			if j == len(widths) {
				widths = append(widths, 0)
			}
			widths[j] = max(widths[j], utf8.RuneCountInString(rows[i][j]))
		}
	}
	var out strings.Builder
	for _, row := range rows {
		for j, cell := range row {
			fmt.Fprintf(&out, "| %-*s ", widths[j], cell)
		}
		out.WriteString("|\n")
	}
	return strings.TrimSuffix(out.String(), "\n")
}
