package query

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// call is a function of a twin or of its arguments.
type call struct {
	f         *function
	arguments []expression
}

func (c call) eval(r *row) value {
	arguments := make([]value, len(c.arguments))
	for i, a := range c.arguments {
		arguments[i] = a.eval(r)
	}
	return c.f.apply(r, arguments)
}

type function struct {
	name     string
	min, max int // arguments
	apply    func(r *row, a []value) value
}

// functions that queries have. Names are written in any case, and with or without
// underscores where the service knows both.
var functions = []function{
	{"IS_DEFINED", 1, 1, func(_ *row, a []value) value { return a[0] != undefined }},
	{"IS_NULL", 1, 1, func(_ *row, a []value) value { return a[0] == nil }},
	{"IS_BOOL", 1, 1, kind(func(v value) bool { _, ok := v.(bool); return ok })},
	{"IS_NUMBER", 1, 1, kind(func(v value) bool { _, ok := v.(float64); return ok })},
	{"IS_STRING", 1, 1, kind(func(v value) bool { _, ok := v.(string); return ok })},
	{"IS_ARRAY", 1, 1, kind(func(v value) bool { _, ok := v.([]any); return ok })},
	{"IS_OBJECT", 1, 1, kind(func(v value) bool { _, ok := v.(map[string]any); return ok })},
	{"IS_PRIMITIVE", 1, 1, kind(primitive)},
	{"IS_OF_MODEL", 1, 2, isOfModel},
	{"STARTS_WITH", 2, 2, texts(func(a, b string) value { return strings.HasPrefix(a, b) })},
	{"STARTSWITH", 2, 2, texts(func(a, b string) value { return strings.HasPrefix(a, b) })},
	{"ENDS_WITH", 2, 2, texts(func(a, b string) value { return strings.HasSuffix(a, b) })},
	{"ENDSWITH", 2, 2, texts(func(a, b string) value { return strings.HasSuffix(a, b) })},
	{"CONTAINS", 2, 2, texts(func(a, b string) value { return strings.Contains(a, b) })},
	{"INDEX_OF", 2, 2, texts(func(a, b string) value { return float64(strings.Index(a, b)) })},
	{"LENGTH", 1, 1, text(func(s string) value { return float64(len(s)) })},
	{"LOWER", 1, 1, text(func(s string) value { return strings.ToLower(s) })},
	{"UPPER", 1, 1, text(func(s string) value { return strings.ToUpper(s) })},
	{"SUBSTRING", 2, 3, substring},
	{"CONCAT", 1, 100, concat},
	{"AS_NUMBER", 1, 1, asNumber},
	{"ABS", 1, 1, number(math.Abs)},
	{"CEILING", 1, 1, number(math.Ceil)},
	{"FLOOR", 1, 1, number(math.Floor)},
	{"EXP", 1, 1, number(math.Exp)},
	{"SQRT", 1, 1, number(math.Sqrt)},
	{"SQUARE", 1, 1, number(func(x float64) float64 { return x * x })},
	{"SIGN", 1, 1, number(sign)},
	{"POWER", 2, 2, power},
}

func findFunction(name string) *function {
	i := slices.IndexFunc(functions, func(f function) bool { return strings.EqualFold(f.name, name) })
	if i < 0 {
		return nil
	}
	return &functions[i]
}

func kind(is func(value) bool) func(*row, []value) value {
	return func(_ *row, a []value) value { return is(a[0]) }
}

func text(f func(string) value) func(*row, []value) value {
	return func(_ *row, a []value) value {
		if s, ok := a[0].(string); ok {
			return f(s)
		}
		return undefined
	}
}

func texts(f func(a, b string) value) func(*row, []value) value {
	return func(_ *row, a []value) value {
		s, ok := a[0].(string)
		t, alsoOK := a[1].(string)
		if !ok || !alsoOK {
			return undefined
		}
		return f(s, t)
	}
}

func number(f func(float64) float64) func(*row, []value) value {
	return func(_ *row, a []value) value {
		if v, ok := a[0].(float64); ok {
			return finite(f(v))
		}
		return undefined
	}
}

func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}

func power(_ *row, a []value) value {
	x, ok := a[0].(float64)
	y, alsoOK := a[1].(float64)
	if !ok || !alsoOK {
		return undefined
	}
	return finite(math.Pow(x, y))
}

func asNumber(_ *row, a []value) value {
	switch v := a[0].(type) {
	case float64:
		return v
	case string:
		if f, err := strconv.ParseFloat(v, 64); err == nil {
			return finite(f)
		}
	}
	return undefined
}

func substring(_ *row, a []value) value {
	s, ok := a[0].(string)
	from, alsoOK := a[1].(float64)
	if !ok || !alsoOK || from < 0 || from > float64(len(s)) {
		return undefined
	}
	s = s[int(from):]
	if len(a) == 3 {
		n, ok := a[2].(float64)
		if !ok || n < 0 {
			return undefined
		}
		s = s[:min(len(s), int(min(n, float64(len(s)))))]
	}
	return s
}

func concat(_ *row, a []value) value {
	var b strings.Builder
	for _, v := range a {
		s, ok := v.(string)
		if !ok {
			return undefined
		}
		b.WriteString(s)
	}
	return b.String()
}

// isOfModel is true for twins of a model: of its version or a later one, or of exactly
// the version when the second argument is 'exact'.
func isOfModel(r *row, a []value) value {
	want, ok := a[0].(string)
	have, _ := r.lookup([]string{"modelId"}).(string)
	if !ok || len(a) == 2 && a[1] != "exact" {
		return undefined
	}
	if len(a) == 2 || have == "" {
		return have == want && have != ""
	}
	wantName, wantVersion := splitModel(want)
	haveName, haveVersion := splitModel(have)
	return wantName == haveName && haveVersion >= wantVersion
}

func splitModel(id string) (name string, version int) {
	name, text, _ := strings.Cut(id, ";")
	version, _ = strconv.Atoi(text)
	return name, version
}
