package rest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// importMode says what a bulk call does with an item. The numbers are those old
// .NET clients send in place of names.
type importMode int

const (
	modeCreateOrUpdate importMode = iota
	modeCreate
	modeUpdate
	modeUpdateIfMatch
	modeCreateOrUpdateIfMatch
	modeDelete
	modeDeleteIfMatch
	modeUpdateTwin
	modeUpdateTwinIfMatch
)

var importModes = []string{
	"createOrUpdate", "create", "update", "updateIfMatchETag", "createOrUpdateIfMatchETag",
	"delete", "deleteIfMatchETag", "updateTwin", "updateTwinIfMatchETag",
}

func (m importMode) String() string { return importModes[m] }

func (m importMode) matchesETag() bool {
	switch m {
	case modeUpdateIfMatch, modeCreateOrUpdateIfMatch, modeDeleteIfMatch, modeUpdateTwinIfMatch:
		return true
	}
	return false
}

// UnmarshalJSON reads a name, in any case as clients write them, or a number.
func (m *importMode) UnmarshalJSON(text []byte) error {
	var number int
	if json.Unmarshal(text, &number) == nil && number >= 0 && number < len(importModes) {
		*m = importMode(number)
		return nil
	}
	var name string
	if json.Unmarshal(text, &name) == nil {
		if i := slices.IndexFunc(importModes, func(m string) bool { return strings.EqualFold(m, name) }); i >= 0 {
			*m = importMode(i)
			return nil
		}
	}
	return fmt.Errorf("importMode %s is unknown", text)
}
