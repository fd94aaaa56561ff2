package reports

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"io"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/plotutil"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Size of a chart and of each plot in it.
const (
	chartWidth  = 24 * vg.Centimeter
	chartHeight = 7 * vg.Centimeter
	maxCharts   = 40
)

// WriteChart draws series over time as one SVG: a plot for each unit of each
// quantity, one below the other. It stands alone, unlike the plots of a report.
func WriteChart(w io.Writer, series []*Series) error {
	plots, err := charts(series)
	if err != nil {
		return fmt.Errorf("draw chart: %w", err)
	}
	canvas := vgsvg.New(chartWidth, vg.Length(len(plots))*chartHeight)
	all := draw.New(canvas)
	for i, p := range plots {
		bottom := vg.Length(len(plots)-1-i) * chartHeight
		top := vg.Length(i) * chartHeight
		p.Draw(draw.Crop(all, 0, -12, bottom, -top))
	}
	if _, err := canvas.WriteTo(w); err != nil {
		return fmt.Errorf("draw chart: %w", err)
	}
	return nil
}

// WriteChartHTML is WriteChart as a page with a title.
func WriteChartHTML(w io.Writer, title string, series []*Series) error {
	var svg bytes.Buffer
	if err := WriteChart(&svg, series); err != nil {
		return err
	}
	image := svg.Bytes()
	if i := bytes.Index(image, []byte("<svg")); i > 0 {
		image = image[i:] // an XML declaration has no place in HTML
	}
	title = html.EscapeString(title)
	_, err := fmt.Fprintf(w, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>%s</title>"+
		"<style>body{font-family:sans-serif;margin:1em}svg{max-width:100%%;height:auto}</style></head>\n<body><h1>%s</h1>\n%s\n</body></html>\n",
		title, title, image)
	return err
}

// charts sorts series by quantity and unit. Series that never change are left
// out, unless none does.
func charts(series []*Series) ([]*plot.Plot, error) {
	var order []string
	groups := map[string][]*Series{}
	for _, every := range []bool{false, true} {
		for _, s := range series {
			if key := s.Quantity + " " + s.Unit; len(order) < maxCharts && (every || changes(s)) {
				if s.States != nil {
					key = s.Name // states of different things do not share an axis
				}
				if groups[key] == nil {
					order = append(order, key)
				}
				groups[key] = append(groups[key], s)
			}
		}
		if len(order) > 0 {
			break
		}
	}
	if len(order) == 0 {
		return nil, errors.New("no signal to draw")
	}
	var out []*plot.Plot
	for _, key := range order {
		p, err := chart(groups[key])
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

func changes(s *Series) bool {
	for _, v := range s.Values {
		if v != s.Values[0] {
			return true
		}
	}
	return false
}

// chart draws series of one unit.
func chart(group []*Series) (*plot.Plot, error) {
	p := plot.New()
	p.X.Label.Text = "time / h"
	p.Y.Label.Text = group[0].Quantity
	if u := group[0].Unit; u != "1" && u != "" {
		p.Y.Label.Text += " / " + u
	}
	if states := group[0].States; states != nil {
		p.Y.Label.Text = group[0].Label
		p.Y.Min, p.Y.Max = 0, float64(len(states)-1)
		ticks := make(plot.ConstantTicks, len(states))
		for i, name := range states {
			ticks[i] = plot.Tick{Value: float64(i), Label: name}
		}
		p.Y.Tick.Marker = ticks
	}
	p.Legend.Top = true
	p.Add(plotter.NewGrid())
	for i, s := range group {
		var points plotter.XYs
		for j, v := range s.Values {
			if math.Abs(v) < largest {
				points = append(points, plotter.XY{X: s.At[j].Hours(), Y: v})
			}
		}
		if len(points) == 0 {
			continue
		}
		line, err := plotter.NewLine(points)
		if err != nil {
			return nil, err
		}
		line.Color, line.Dashes = plotutil.Color(i), plotutil.Dashes(i/len(plotutil.DefaultColors))
		if s.States != nil {
			line.StepStyle = plotter.PostStep
		}
		p.Add(line)
		p.Legend.Add(s.Label, line)
	}
	return p, nil
}
