package devicefile

import _ "embed"

// Schema is the JSON schema of device files, for editors.
//
//go:embed schema.json
var Schema string
