package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const before = `# Models

Text stays.

## reefer

| | what | reference | value | ours | off by | allowed |
|---|---|---|---|---|---|---|
| TRK-1 | old | closed form | 1 | 1 | none | 1 % |
| TRK-9 | needs data | recording | 1 | 1 | none | 1 % |

## hvac
`

func TestMerge(t *testing.T) {
	for _, c := range []struct{ name, events, want string }{
		{"rows replace those of the package, in order", `
{"Action":"attr","Package":"twinrig/twinmodel/reefer","Test":"T","Key":"validation","Value":"| TRK-2 | b | x |"}
{"Action":"attr","Package":"twinrig/twinmodel/reefer","Test":"T","Key":"validation","Value":"| TRK-1 | a | x |"}
{"Action":"pass","Package":"twinrig/twinmodel/reefer"}`,
			"# Models\n\nText stays.\n\n## reefer\n\n" + head + "| TRK-1 | a | x |\n| TRK-2 | b | x |\n\n## hvac\n"},
		{"rows of skipped tests stay", `
{"Action":"attr","Package":"twinrig/twinmodel/reefer","Test":"T","Key":"validation","Value":"| TRK-1 | a | x |"}
{"Action":"skip","Package":"twinrig/twinmodel/reefer","Test":"Recording"}`,
			"# Models\n\nText stays.\n\n## reefer\n\n" + head + "| TRK-1 | a | x |\n| TRK-9 | needs data | recording | 1 | 1 | none | 1 % |\n\n## hvac\n"},
		{"packages without rows stay as they are; new ones come last", `
{"Action":"pass","Package":"twinrig/twinmodel/reefer"}
{"Action":"attr","Package":"twinrig/twinmodel/well","Test":"T","Key":"validation","Value":"| W-1 | a | x |"}`,
			before + "\n## well\n\n" + head + "| W-1 | a | x |\n"},
	} {
		found, err := read(strings.NewReader(strings.TrimSpace(c.events)))
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(c.want, merge(before, found)); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, d)
		}
	}
	if _, err := read(strings.NewReader("ok twinrig 0.1s\n")); err == nil {
		t.Error("plain output was taken for JSON")
	}
}
