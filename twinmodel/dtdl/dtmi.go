package dtdl

import (
	"fmt"
	"regexp"
	"strings"
)

// maxID is the longest identifier of an interface.
const maxID = 128

var dtmiSyntax = regexp.MustCompile(`^dtmi:(?:_+[A-Za-z0-9]|[A-Za-z])(?:[A-Za-z0-9_]*[A-Za-z0-9])?(?::(?:_+[A-Za-z0-9]|[A-Za-z])(?:[A-Za-z0-9_]*[A-Za-z0-9])?)*(?:;[1-9][0-9]{0,8}(\.[1-9][0-9]{0,5})?)?$`)

// CheckDTMI says what is wrong with a digital twin model identifier. Version 2
// of the language wants a whole-numbered version, version 3 allows none and
// major.minor.
func CheckDTMI(id string, language int) error {
	m := dtmiSyntax.FindStringSubmatch(id)
	switch {
	case m == nil:
		return fmt.Errorf("%q is not a model identifier; write for example dtmi:com:example:Thermostat;1", id)
	case language == 2 && !strings.Contains(id, ";"):
		return fmt.Errorf("%s has no version; end it with ;1", id)
	case language == 2 && m[1] != "":
		return fmt.Errorf("%s has a minor version, which version 2 of the language does not know", id)
	case len(id) > 2048:
		return fmt.Errorf("identifier of %d characters; at most 2048 are allowed", len(id))
	}
	return nil
}

// RepositoryPath is where a device model repository keeps an interface.
func RepositoryPath(id string) string {
	return strings.NewReplacer(":", "/", ";", "-").Replace(strings.ToLower(id)) + ".json"
}
