package reports

import (
	"bufio"
	"compress/flate"
	"crypto/sha256"
	_ "embed" // of the page's parts
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"
)

// HTMLOptions is what a page may have beyond the record.
type HTMLOptions struct {
	Title string // of the page; "twinrig report" if empty
	Meta  *Meta  // of the run, for the section on the environment
}

var (
	//go:embed assets/report.tmpl
	reportTemplate string
	//go:embed assets/report.css
	reportCSS string
	//go:embed assets/report.js
	reportJS string

	reportPage = template.Must(template.New("report").Parse(reportTemplate))
)

// pack is a scenario's body, deflated, in base64. Plots shrink to a quarter.
func pack(s pageScenario) (string, error) {
	var out strings.Builder
	encoder := base64.NewEncoder(base64.StdEncoding, &out)
	deflate, err := flate.NewWriter(encoder, flate.DefaultCompression)
	if err != nil {
		return "", err
	}
	if err := reportPage.ExecuteTemplate(deflate, "body", s); err != nil {
		return "", err
	}
	if err := deflate.Close(); err != nil {
		return "", err
	}
	if err := encoder.Close(); err != nil {
		return "", err
	}
	return out.String(), nil
}

// WriteHTML writes the record as one HTML file that needs no other: style,
// script and plots are inside, and a content security policy keeps browsers from
// fetching anything or running a script that is not the page's own.
func WriteHTML(w io.Writer, rec *Record, opts HTMLOptions) error {
	p, err := newPage(rec, opts)
	if err != nil {
		return fmt.Errorf("write html: %w", err)
	}
	hash := sha256.Sum256([]byte(reportJS))
	p.CSS, p.JS = template.CSS(reportCSS), template.JS(reportJS)
	p.ScriptHash = "sha256-" + base64.StdEncoding.EncodeToString(hash[:])
	buf := bufio.NewWriter(w)
	if err := reportPage.Execute(buf, p); err != nil {
		return fmt.Errorf("write html: %w", err)
	}
	if err := buf.Flush(); err != nil {
		return fmt.Errorf("write html: %w", err)
	}
	return nil
}
