package reports

import (
	"cmp"
	"strings"
)

// feature is the scenarios of one feature file.
type feature struct {
	path, name string
	scenarios  []*ScenarioRecord
}

// features groups the scenarios by feature file, both in the record's order.
func (r *Record) features() []feature {
	var features []feature
	index := make(map[string]int)
	for _, s := range r.Scenarios {
		p := featurePath(s.ID)
		i, ok := index[p]
		if !ok {
			i = len(features)
			index[p] = i
			features = append(features, feature{path: p, name: cmp.Or(s.Feature, p)})
		}
		features[i].scenarios = append(features[i].scenarios, s)
	}
	return features
}

// featurePath is a scenario ID without its line.
func featurePath(id string) string {
	if i := strings.LastIndexByte(id, ':'); i > 0 {
		return id[:i]
	}
	return id
}

// verdict is the worst of the feature's scenarios.
func (f feature) verdict() Verdict {
	v := NotApplicable
	for _, s := range f.scenarios {
		v = Worst(v, s.Outcome.Verdict)
	}
	return v
}
