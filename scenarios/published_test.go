package scenarios

import (
	"os"
	"path/filepath"
	"testing"

	"twinrig/reports"
)

// Devices of ours that announce published boards pass their scenarios.
func TestPublishedBoards(t *testing.T) {
	t.Chdir("..")
	published := filepath.Join("..", "shared", "data", "dtdl")
	if _, err := os.Stat(published); err != nil {
		t.Skip("NOT CHECKED: there are no published models: ", err)
	}
	for _, file := range []string{"esp32-kit.feature"} {
		pickles, err := LoadFeatures([]string{filepath.Join("examples", "devices", file)}, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range pickles {
			s := virtual(1)
			s.Models = []string{published}
			if o := outcome(t, Run(t, p, s)); o.Verdict != reports.Pass {
				t.Errorf("%s: %s: %s", p.Name, o.Verdict, o.Reason)
			}
		}
	}
}
