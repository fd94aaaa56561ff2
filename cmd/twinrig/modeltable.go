package main

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"time"

	"twinrig/reports"
	"twinrig/twinmodel"
)

// modelTable writes rows and, for a plot, keeps them.
type modelTable struct {
	out    *bufio.Writer
	keep   bool
	series []*reports.Series
	faults []bool
}

func newModelTable(w io.Writer, p twinmodel.Plant, keep bool) *modelTable {
	t := &modelTable{out: bufio.NewWriter(w), keep: keep}
	_, _ = t.out.WriteString("time")
	for _, s := range p.Spec().Signals {
		fmt.Fprintf(t.out, ",%s [%s]", s.Name, s.Unit)
		t.faults = append(t.faults, s.Fault)
		t.series = append(t.series, &reports.Series{Entity: p.Spec().Kind, SignalInfo: reports.SignalInfo{
			Name: s.Name, Label: s.Label, Quantity: string(s.Quantity), Unit: s.Unit, Source: "plant", States: s.States}})
	}
	_ = t.out.WriteByte('\n')
	return t
}

// drawn are the series a chart shows: faults are no signals in it.
func (t *modelTable) drawn() (series []*reports.Series) {
	for i, s := range t.series {
		if !t.faults[i] {
			series = append(series, s)
		}
	}
	return series
}

func (t *modelTable) row(at time.Duration, p twinmodel.Plant) error {
	_, _ = t.out.WriteString(strconv.FormatFloat(at.Seconds(), 'f', -1, 64))
	for _, s := range t.series {
		v, err := p.Value(s.Name)
		if err != nil {
			return rigFault{err}
		}
		_ = t.out.WriteByte(',')
		_, _ = t.out.WriteString(strconv.FormatFloat(v, 'g', 8, 64))
		if t.keep {
			s.At, s.Values = append(s.At, at), append(s.Values, v)
		}
	}
	return t.out.WriteByte('\n')
}
