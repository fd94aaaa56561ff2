// Package house holds no code, only the tests that keep the house in order:
// which room may import which, and what no room below cmd may touch.
package house

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "twinrig/"

// rooms says what each room may import of ours; "*" is everything.
var rooms = map[string][]string{
	"twinmodel": {},
	"reports":   {},
	"hub":       {},
	"devicesim": {"twinmodel", "reports"},
	"hil":       {"twinmodel", "devicesim", "reports"},
	"scenarios": {"twinmodel", "reports", "hub", "devicesim", "hil"},
	"cmd":       {"*"},
	"tools":     {},
}

// keepers says which room alone may import a third party's module.
var keepers = map[string]string{
	"github.com/mochi-mqtt/":              "hub",
	"github.com/nats-io/":                 "hub",
	"github.com/cucumber/":                "scenarios",
	"github.com/eclipse/paho.golang":      "devicesim",
	"github.com/eclipse/paho.mqtt.golang": "devicesim",
	"github.com/vbauerster/mpb":           "cmd",
	"github.com/spf13/cobra":              "cmd",
	"gonum.org/v1/plot":                   "reports",
	"github.com/ebitengine/purego":        "twinmodel",
}

// hubFriends are the sub-packages of hub that may import others of them.
var hubFriends = map[string][]string{
	"hub/server": {"*"},
	"hub/rest":   {"hub/routing", "hub/jobs", "hub/query"},
}

// complaint says what is wrong with one import, or nothing.
func complaint(importer, imported string) string {
	from, room := strings.TrimPrefix(importer, module), roomOf(importer)
	if !strings.HasPrefix(imported, module) {
		for prefix, keeper := range keepers {
			if strings.HasPrefix(imported, prefix) && room != keeper {
				return fmt.Sprintf("%s imports %s, which only %s may", from, imported, keeper)
			}
		}
		return ""
	}
	to, toRoom := strings.TrimPrefix(imported, module), roomOf(imported)
	switch {
	case room != toRoom:
		if !allowed(rooms[room], toRoom) {
			return fmt.Sprintf("%s imports %s, but %s may import %v", from, to, room, rooms[room])
		}
	case room == "hub" && from == "hub":
		return fmt.Sprintf("package hub imports its sub-package %s", to)
	case room == "hub" && from == "hub/client":
		return fmt.Sprintf("hub/client imports %s, but it stands alone", to)
	case room == "hub" && to != "hub" && !within(to, from) && !within(from, to) && !allowed(hubFriends[from], to):
		return fmt.Sprintf("%s imports %s, but sub-packages of hub do not import each other", from, to)
	}
	return ""
}

func allowed(list []string, name string) bool {
	return slices.Contains(list, "*") || slices.Contains(list, name)
}

// within reports whether a package lies below another: a part of it.
func within(inner, outer string) bool { return strings.HasPrefix(inner, outer+"/") && outer != "hub" }

func roomOf(path string) string {
	room, _, _ := strings.Cut(strings.TrimPrefix(path, module), "/")
	return room
}

type goPackage struct {
	ImportPath, Dir  string
	Imports, GoFiles []string
}

func packages(t *testing.T) []goPackage {
	out, err := exec.Command("go", "list", "-json=ImportPath,Dir,Imports,GoFiles", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []goPackage
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := dec.Decode(&p); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(p.ImportPath, module) {
			all = append(all, p)
		}
	}
}

func TestImportRule(t *testing.T) {
	seen := 0
	for _, p := range packages(t) {
		if _, ok := rooms[roomOf(p.ImportPath)]; !ok && len(p.GoFiles) > 0 {
			t.Errorf("%s is in no room; add the room to the table here and in CONTRIBUTING.md", p.ImportPath)
		}
		for _, imported := range p.Imports {
			seen++
			if c := complaint(p.ImportPath, imported); c != "" {
				t.Error(c)
			}
		}
	}
	if seen < 100 {
		t.Errorf("only %d imports were looked at; is the walk broken?", seen)
	}
}

func TestImportRuleForbids(t *testing.T) {
	for _, c := range []struct{ importer, imported, why string }{
		{"twinrig/devicesim/link", "twinrig/hub", "hub and devicesim meet on the wire only"},
		{"twinrig/hub/mqtt", "twinrig/hub/rest", "front ends do not know each other"},
		{"twinrig/hub", "twinrig/hub/store", "the core does not know its store"},
		{"twinrig/twinmodel/reefer", "twinrig/reports", "physics knows nothing of reports"},
		{"twinrig/reports", "github.com/cucumber/godog", "godog belongs to scenarios"},
		{"twinrig/hub/client", "twinrig/hub", "the client stands alone"},
	} {
		if complaint(c.importer, c.imported) == "" {
			t.Errorf("%s: %s may import %s", c.why, c.importer, c.imported)
		}
	}
	for _, c := range [][2]string{{"twinrig/hub/mqtt", "twinrig/hub"}, {"twinrig/hub/server", "twinrig/hub/mqtt"}, {"twinrig/scenarios", "twinrig/hub/server"}} {
		if text := complaint(c[0], c[1]); text != "" {
			t.Error(text)
		}
	}
}

// seededOnly are the names of math/rand that draw from a source of the caller's.
var seededOnly = []string{"New", "NewPCG", "NewChaCha8", "NewZipf", "Rand", "PCG", "ChaCha8", "Source", "Zipf"}

// Configuration and seeds are arguments: no package below cmd reads the
// environment or draws from the program's global randomness.
func TestNoHiddenInputs(t *testing.T) {
	fset := token.NewFileSet()
	for _, p := range packages(t) {
		if roomOf(p.ImportPath) == "cmd" {
			continue
		}
		for _, name := range p.GoFiles {
			f, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range hiddenInputs(fset, f) {
				t.Error(c)
			}
		}
	}
}

func hiddenInputs(fset *token.FileSet, f *ast.File) (complaints []string) {
	names := map[string]string{} // local name → import path
	for _, i := range f.Imports {
		path := strings.Trim(i.Path.Value, `"`)
		name := filepath.Base(strings.TrimSuffix(path, "/v2"))
		if i.Name != nil {
			name = i.Name.Name
		}
		names[name] = path
	}
	ast.Inspect(f, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		x, ok := sel.X.(*ast.Ident)
		if !ok || x.Obj != nil {
			return true
		}
		switch path := names[x.Name]; {
		case path == "os" && slices.Contains([]string{"Getenv", "LookupEnv", "Environ", "ExpandEnv"}, sel.Sel.Name),
			strings.HasPrefix(path, "math/rand") && !slices.Contains(seededOnly, sel.Sel.Name):
			complaints = append(complaints, fmt.Sprintf("%s: %s.%s", fset.Position(n.Pos()), path, sel.Sel.Name))
		}
		return true
	})
	return complaints
}
