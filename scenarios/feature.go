package scenarios

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	gherkin "github.com/cucumber/gherkin/go/v26"
	messages "github.com/cucumber/messages/go/v21"
)

// Pickle is one scenario, or one row of a scenario outline, cut out of its
// feature so that it can run by itself.
type Pickle struct {
	ID          string // "features/cold-chain.feature:12"
	Feature     string // name of the feature
	Name        string
	Row         int // of an outline's examples, from 1; 0 for a plain scenario
	Description string
	Tags        []string
	Steps       []PickleStep
	Source      []byte // the feature text with every other scenario blanked out; line numbers stay

	lines map[int]bool // of the feature that mean this pickle; nil once it has been sent to a worker
}

// PickleStep is one step as it will run, placeholders of an outline filled in.
type PickleStep struct {
	Keyword  string
	Text     string
	Line     int
	Argument string // table or doc string, as it stands in the feature
}

// UsageError is a mistake in what the user gave us: exit code 2, nothing to do
// with the system under test.
type UsageError struct {
	Subject string // where: "features/x.feature:12", "--tags"
	Err     error
	Hint    string
}

func (e *UsageError) Error() string { return e.Subject + ": " + e.Err.Error() }

func (e *UsageError) Unwrap() error { return e.Err }

// LoadFeatures reads the feature files named by paths: a file, a directory
// (searched for *.feature) or file:line for the scenario there. Pickles come
// back in the order of paths, files in a directory by name. A line within a
// scenario means that scenario, one of an outline's examples means that row. tags is a Cucumber
// tag expression such as "@smoke and not @slow"; empty takes all.
func LoadFeatures(paths []string, tags string) ([]Pickle, error) {
	keep := tagFilter(func([]string) bool { return true })
	if tags != "" {
		var err error
		if keep, err = parseTags(tags); err != nil {
			return nil, &UsageError{"--tags " + strconv.Quote(tags), err, `write a tag expression such as "@smoke and not @slow"`}
		}
	}
	var pickles []Pickle
	for _, path := range paths {
		files, line, err := featureFiles(path)
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			found, err := loadFile(file)
			if err != nil {
				return nil, err
			}
			for _, p := range found {
				if keep(p.Tags) && (line == 0 || p.lines[line]) {
					pickles = append(pickles, p)
				}
			}
		}
	}
	if len(pickles) == 0 {
		return nil, &UsageError{strings.Join(paths, " "), errors.New("no scenario to run"),
			"give a .feature file, a directory that holds some, or file.feature:line of a scenario; check --tags"}
	}
	return pickles, nil
}

// featureFiles resolves one path argument.
func featureFiles(path string) (files []string, line int, err error) {
	if i := strings.LastIndexByte(path, ':'); i > 0 {
		if n, err := strconv.Atoi(path[i+1:]); err == nil && n > 0 {
			path, line = path[:i], n
		}
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, 0, &UsageError{path, errors.New("no such feature file or directory"), "check the path; `twinrig run features/` runs the suites that ship"}
	}
	if !info.IsDir() {
		return []string{path}, line, nil
	}
	err = filepath.WalkDir(path, func(p string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && strings.HasSuffix(p, ".feature") {
			files = append(files, p)
		}
		return err
	})
	sort.Strings(files)
	return files, line, err
}

func loadFile(file string) ([]Pickle, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, &UsageError{file, err, "check the path and its permissions"}
	}
	return ParseFeature(filepath.ToSlash(file), text)
}

// ParseFeature cuts a feature into pickles. name is what their IDs begin with.
func ParseFeature(name string, text []byte) ([]Pickle, error) {
	ids := (&messages.Incrementing{}).NewId
	doc, err := gherkin.ParseGherkinDocument(bytes.NewReader(text), ids)
	if err != nil {
		return nil, &UsageError{name, err, "see https://cucumber.io/docs/gherkin/reference for the syntax"}
	}
	if doc.Feature == nil {
		return nil, &UsageError{name, errors.New("no feature in the file"), `begin with "Feature: …"`}
	}
	outline := newOutline(doc.Feature, text)
	var pickles []Pickle
	for _, p := range gherkin.Pickles(*doc, name, ids) {
		pickles = append(pickles, outline.pickle(name, p))
	}
	for _, p := range pickles {
		if len(p.Steps) == 0 {
			return nil, &UsageError{p.ID, fmt.Errorf("scenario %q has no steps", p.Name), "give it steps or take it out"}
		}
	}
	return pickles, nil
}
