package main

import (
	"fmt"
	"io"
	"reflect"
	"strings"

	"twinrig/twinmodel"
)

// showParameters lists a plant's constants: default, meaning and source.
func showParameters(w io.Writer, params any) error {
	if params == nil {
		return nil
	}
	list, err := twinmodel.Parameters(params)
	if err != nil {
		return err
	}
	fmt.Fprint(w, "\nParameters: default, meaning, where the default comes from (estimate: the model's authors; recalled: quoted without the source at hand)\n")
	for _, p := range list {
		fmt.Fprintf(w, "  %s\t%s\t%s\t%s\n", p.Name, parameterValue(p), p.Doc, p.Source)
	}
	return nil
}

func parameterValue(p twinmodel.Parameter) string {
	switch v := reflect.ValueOf(p.Value); {
	case p.Unit == "" && v.Kind() != reflect.String && v.Kind() != reflect.Bool:
		return "–" // not something to print in a table: a route, a network
	case v.Kind() == reflect.Slice || v.Kind() == reflect.Array:
		return strings.TrimSpace(listed(v) + " " + unitText(p.Unit))
	case v.CanFloat():
		return fmt.Sprintf("%.6g %s", v.Float(), unitText(p.Unit))
	}
	return fmt.Sprintf("%v %s", p.Value, unitText(p.Unit))
}

// listed is a list of numbers, or its range when it is long.
func listed(v reflect.Value) string {
	const few = 6
	if v.Len() <= few || !v.Index(0).CanFloat() {
		return fmt.Sprint(v)
	}
	low, high := v.Index(0).Float(), v.Index(0).Float()
	for i := range v.Len() {
		low, high = min(low, v.Index(i).Float()), max(high, v.Index(i).Float())
	}
	return fmt.Sprintf("%d values, %.6g to %.6g", v.Len(), low, high)
}

// unitText is a unit to print: nothing for numbers without dimension.
func unitText(unit string) string {
	if unit == "1" {
		return ""
	}
	return unit
}
