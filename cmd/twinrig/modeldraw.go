package main

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"twinrig/reports"
	"twinrig/scenarios"
)

func (o *modelRunOptions) draw(c reports.Chart) (err error) {
	if o.plot == "" {
		return nil
	}
	f, err := os.Create(o.plot)
	if err != nil {
		return &scenarios.UsageError{Subject: "--plot " + o.plot, Err: err, Hint: "give a file you may write to"}
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if filepath.Ext(o.plot) == ".html" {
		return c.WriteHTML(f)
	}
	return c.WriteSVG(f)
}

// sentence is a title that begins one.
func sentence(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

// command is what repeats the run, for its page.
func (o *modelRunOptions) command(name string) string {
	words := []string{"twinrig model run", name, "--for", o.length, "--every", o.every}
	if o.plan != "" {
		words = append(words, "--plan", o.plan)
	}
	if o.seed != 1 {
		words = append(words, "--seed", strconv.FormatUint(o.seed, 10))
	}
	for _, s := range o.option {
		words = append(words, "--option", s)
	}
	for _, s := range o.set {
		words = append(words, "--set", s)
	}
	for _, s := range o.at {
		words = append(words, "--at", s)
	}
	for i, w := range words[1:] {
		if strings.ContainsRune(w, ' ') {
			words[i+1] = `"` + w + `"`
		}
	}
	return strings.Join(words, " ")
}
