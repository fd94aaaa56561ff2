package reports

import (
	"errors"
	"fmt"
	"html"
	"html/template"
	"io"
	"regexp"
	"strings"
	"time"

	"gonum.org/v1/plot/vg"
)

// Chart is what a model that runs alone has to show: its signals over time and
// the faults it had.
type Chart struct {
	Title   string
	Command string // that makes it again; may be empty
	Begin   time.Time
	Length  time.Duration
	Series  []*Series
	Faults  []Event // of KindFault, in order
}

// chartPanels is more than a scenario shows: a chart is all there is.
const chartPanels = 40

func (c *Chart) record() (*ScenarioRecord, error) {
	if len(c.Series) == 0 || c.Length <= 0 {
		return nil, errors.New("no signal to draw")
	}
	return &ScenarioRecord{Scenario: Scenario{Begin: c.Begin}, End: c.Begin.Add(c.Length), Series: c.Series, Events: c.Faults}, nil
}

// WriteHTML writes the chart as a page that needs no other file, in the manner of
// the reports.
func (c *Chart) WriteHTML(w io.Writer) error {
	s, err := c.record()
	if err == nil {
		err = reportPage.ExecuteTemplate(w, "chart", struct {
			Title, Command, Time, Begin string
			CSS                         template.CSS
			Figures                     figures
		}{c.Title, c.Command, duration(c.Length), c.Begin.UTC().Format("2 Jan 2006, 15:04:05 UTC"), template.CSS(reportCSS), newFigures(s, chartPanels)})
	}
	if err != nil {
		return fmt.Errorf("draw chart: %w", err)
	}
	return nil
}

// Measures of the picture, around and between plots.
const (
	chartMargin  = 24
	chartCaption = 20 // a line of a caption
)

// WriteSVG writes the chart as one picture for any viewer: colours are plain.
func (c *Chart) WriteSVG(w io.Writer) error {
	s, err := c.record()
	if err != nil {
		return fmt.Errorf("draw chart: %w", err)
	}
	panels := s.plots(chartPanels).panels
	lanes, _ := s.lanes()
	l := wide
	plots := l.allPlots(s, newScene(s), panels, lanes)
	var out strings.Builder
	y := vg.Length(chartMargin)
	caption(&out, y, c.Title, 20)
	for i := range plots {
		y += 1.5 * chartCaption
		if i < len(panels) {
			y = l.legend(&out, y, s, &panels[i])
		} else {
			caption(&out, y, "States and events", 15)
		}
		y += chartCaption / 2
		plots[i].place = fmt.Sprintf(`x="%d" y="%s" width="%s" height="%s"`, chartMargin, tenths(y.Points()), tenths(l.width.Points()), tenths(plots[i].height.Points()))
		y += plots[i].height
	}
	width, height := l.width+2*chartMargin, y+chartMargin
	_, err = fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" width="%[1]s" height="%[2]s" viewBox="0 0 %[1]s %[2]s" font-family="Liberation Sans, Arial, Helvetica, sans-serif"><style>%[3]s</style><rect width="100%%" height="100%%" fill="#fff"/>%[4]s%[5]s</svg>`+"\n",
		tenths(width.Points()), tenths(height.Points()), inkStyles(), out.String(), strings.Join(l.render(plots), ""))
	if err != nil {
		return fmt.Errorf("draw chart: %w", err)
	}
	return nil
}

func caption(out *strings.Builder, y vg.Length, text string, size vg.Length) {
	fmt.Fprintf(out, `<text class="f k0" x="%d" y="%s" font-size="%s" font-weight="bold">%s</text>`, chartMargin, tenths(y.Points()), tenths(size.Points()), html.EscapeString(oneLine(text)))
}

// legend writes a panel's title and what its colours mean, in as many lines as
// that takes, and says where the last one is.
func (l layout) legend(out *strings.Builder, y vg.Length, s *ScenarioRecord, p *panel) vg.Length {
	caption(out, y, p.title+either(p.unit == "1" || p.unit == "", "", " in "+p.unit), 15)
	const gap = 22
	style := textStyle(inkText, l.fontSize)
	x := vg.Length(chartMargin)
	y += chartCaption
	for i, c := range p.courses {
		text := oneLine(s.courseLabel(c) + ", " + c.between())
		wide := style.Width(text) + gap + 14
		if x > chartMargin && x+wide > l.width+chartMargin {
			x, y = chartMargin, y+chartCaption
		}
		fmt.Fprintf(out, `<rect class="f %s" x="%s" y="%s" width="14" height="4"/><text class="f k0" x="%s" y="%s" font-size="%s">%s</text>`, seriesInk(i).class(),
			tenths(x.Points()), tenths(y.Points()-6), tenths(x.Points()+gap-4), tenths(y.Points()), tenths(l.fontSize.Points()), html.EscapeString(text))
		x += wide
	}
	return y
}

var inkValue = regexp.MustCompile(`--(k[0-9]+):([^;}]+)`)

// inkStyles is the style sheet of a picture that stands alone: the inks of the
// report's light side, without variables, which few viewers but browsers know.
func inkStyles() string {
	light, _, _ := strings.Cut(reportCSS, "}")
	style := `text{fill:#566172}.s{fill:none;stroke-linecap:round;stroke-linejoin:round}.pale{opacity:.55}`
	for _, m := range inkValue.FindAllStringSubmatch(light, -1) {
		style += fmt.Sprintf(".s.%[1]s{stroke:%[2]s}.f.%[1]s{fill:%[2]s}", m[1], strings.TrimSpace(m[2]))
	}
	return style
}
