package twinmodel

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// Parameter is a constant of a plant, as the tags of its Params struct declare
// it:
//
//	K float64 `unit:"W/(m²·K)" range:"0.1..2" source:"ATP annex 1" doc:"overall heat transfer coefficient"`
//
// Every exported field has a doc and a source: where the default comes from, be
// it an engineering estimate. A number has a unit, "1" when it has no dimension.
// Range is optional and may be open: "0..". Fields of a nested struct, and of
// the structs in a slice, are parameters of their own; what they lack of a source
// is that of the field they are in.
type Parameter struct {
	Name     string // of the field: "K", "Zone.MassArea", "Rods[1].Length"
	Unit     string // empty when it is not a number
	Min, Max float64
	Source   string
	Doc      string
	Value    any
}

// Parameters are the constants in a Params struct. The error names every field
// that does not say all it must.
func Parameters(params any) ([]Parameter, error) {
	var list []Parameter
	var mistakes []error
	walkParameters(nil, reflect.ValueOf(params), func(f *field) {
		p, err := f.declared()
		if err != nil {
			mistakes = append(mistakes, fmt.Errorf("parameter %s: %w", p.Name, err))
		}
		list = append(list, p)
	})
	return list, errors.Join(mistakes...)
}

// CheckParameters says which number in a Params struct is outside its range or
// not a number at all.
func CheckParameters(params any) error {
	var wrong error
	walkParameters(nil, reflect.ValueOf(params), func(f *field) {
		if wrong != nil || !numeric(f.value.Type()) {
			return
		}
		least, most, err := f.bounds()
		if err != nil {
			wrong = fmt.Errorf("%s: %w", f.name(), err)
			return
		}
		eachNumber(f.value, func(v float64) {
			if wrong == nil && !(v >= least && v <= most && !math.IsInf(v, 0)) {
				wrong = fmt.Errorf("%s: %s is outside %g to %g", f.name(), Measure{v, strings.TrimPrefix(f.tag.Get("unit"), "1")}, least, most)
			}
		})
	})
	return wrong
}

// field is an exported field of a Params struct, or of a struct in it.
type field struct {
	outer *field // nil for one of Params itself
	own   string // its name in its struct
	index int    // in the slice the struct is in; -1 for none
	tag   reflect.StructTag
	value reflect.Value
}

// walkParameters visits fields that are not structs, in the order they are
// written in.
func walkParameters(outer *field, v reflect.Value, visit func(*field)) {
	v = reflect.Indirect(v)
	if v.Kind() != reflect.Struct {
		return
	}
	for i := range v.NumField() {
		sf, inner := v.Type().Field(i), v.Field(i)
		f := &field{outer: outer, own: sf.Name, index: -1, tag: sf.Tag, value: inner}
		switch {
		case !sf.IsExported():
		case sf.Type.Kind() == reflect.Struct && hasFields(sf.Type):
			walkParameters(f, inner, visit)
		case sf.Type.Kind() == reflect.Slice && sf.Type.Elem().Kind() == reflect.Struct && hasFields(sf.Type.Elem()):
			for f.index = range inner.Len() {
				walkParameters(f, inner.Index(f.index), visit)
			}
		default:
			visit(f)
		}
	}
}

// name is the field's with those it is in.
func (f *field) name() string {
	name := f.own
	if f.index >= 0 {
		name += fmt.Sprintf("[%d]", f.index)
	}
	if f.outer != nil {
		name = f.outer.name() + "." + name
	}
	return name
}

// source is the field's own, or that of the nearest it is in.
func (f *field) source() string {
	for ; f != nil; f = f.outer {
		if text := f.tag.Get("source"); text != "" {
			return text
		}
	}
	return ""
}

func hasFields(t reflect.Type) bool {
	for i := range t.NumField() {
		if t.Field(i).IsExported() {
			return true
		}
	}
	return false
}

func (f *field) declared() (Parameter, error) {
	p := Parameter{Name: f.name(), Unit: f.tag.Get("unit"), Source: f.source(), Doc: f.tag.Get("doc"), Value: f.value.Interface()}
	var err error
	p.Min, p.Max, err = f.bounds()
	switch number := numeric(f.value.Type()); {
	case err != nil:
	case number && p.Unit == "":
		err = errors.New(`no unit; write unit:"1" if it has no dimension`)
	case !number && p.Unit != "":
		err = errors.New("a unit, but it is not a number")
	case p.Source == "":
		err = errors.New(`no source; say where the default comes from, such as source:"estimate"`)
	case p.Doc == "":
		err = errors.New("no doc")
	}
	return p, err
}

// bounds are the range of a number, infinite where it is open.
func (f *field) bounds() (least, most float64, err error) {
	least, most = math.Inf(-1), math.Inf(1)
	text := f.tag.Get("range")
	if text == "" {
		return least, most, nil
	}
	from, to, ok := strings.Cut(text, "..")
	for _, end := range []struct {
		text string
		into *float64
	}{{from, &least}, {to, &most}} {
		if end.text == "" || !ok {
			continue
		}
		if *end.into, err = strconv.ParseFloat(end.text, 64); err != nil {
			ok = false
		}
	}
	if !ok || !(least < most) {
		return least, most, fmt.Errorf("range %q; write for example 0.1..2", text)
	}
	return least, most, nil
}

var durationType = reflect.TypeFor[time.Duration]()

// numeric reports whether a field holds numbers: one, or an array or slice.
func numeric(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Array, reflect.Slice:
		return numeric(t.Elem())
	case reflect.Bool, reflect.String:
		return false
	}
	return reflect.Zero(t).CanFloat() || reflect.Zero(t).CanInt() || reflect.Zero(t).CanUint()
}

// eachNumber visits the numbers of a field; durations in seconds.
func eachNumber(v reflect.Value, visit func(float64)) {
	switch {
	case v.Kind() == reflect.Array || v.Kind() == reflect.Slice:
		for i := range v.Len() {
			eachNumber(v.Index(i), visit)
		}
	case v.Type() == durationType:
		visit(time.Duration(v.Int()).Seconds())
	case v.CanFloat():
		visit(v.Float())
	case v.CanInt():
		visit(float64(v.Int()))
	default:
		visit(float64(v.Uint()))
	}
}
