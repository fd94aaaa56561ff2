package reports

import (
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// Meta is run.meta.json: what differs between two runs of the same binary with
// the same seed, and is therefore kept out of the record.
type Meta struct {
	Host         string             `json:"host,omitempty"`
	OS           string             `json:"os"`
	Arch         string             `json:"arch"`
	CPUs         int                `json:"cpus,omitempty"`
	GoVersion    string             `json:"goVersion"`
	Args         []string           `json:"args"` // the command line as given
	Started      time.Time          `json:"started"`
	Ended        time.Time          `json:"ended"`
	Workers      int                `json:"workers"`
	ScenarioWall map[string]float64 `json:"scenarioWall,omitempty"` // wall seconds by Scenario.ID
}

// WriteMeta writes run.meta.json.
func WriteMeta(w io.Writer, m Meta) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(m); err != nil {
		return fmt.Errorf("write run meta: %w", err)
	}
	return nil
}

// ReadMeta reads run.meta.json.
func ReadMeta(r io.Reader) (Meta, error) {
	var m Meta
	if err := json.NewDecoder(r).Decode(&m); err != nil {
		return Meta{}, fmt.Errorf("read run meta: %w", err)
	}
	return m, nil
}
