package reports

import (
	"compress/flate"
	"encoding/base64"
	"io"
	"strings"
	"testing"
)

// unpacked is what a browser makes of a packed body.
func unpacked(t *testing.T, data string) string {
	t.Helper()
	text, err := io.ReadAll(flate.NewReader(base64.NewDecoder(base64.StdEncoding, strings.NewReader(data))))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
