package hub

import "encoding/json"

// TwinContent is what the twin of a new device begins with: JSON objects, nil for none.
// What a twin has at the top of its sections ("$version", "$metadata") is passed over,
// so that the sections of one twin can become the content of another.
type TwinContent struct {
	Tags, Desired, Reported json.RawMessage
}

// patch writes tags and desired properties as the body of a twin patch.
func (c TwinContent) patch() ([]byte, error) {
	type properties struct {
		Desired json.RawMessage `json:"desired,omitempty"`
	}
	return json.Marshal(struct {
		Tags       json.RawMessage `json:"tags,omitempty"`
		Properties properties      `json:"properties"`
	}{c.Tags, properties{c.Desired}})
}

// Check refuses what no twin can hold.
func (c TwinContent) Check() error {
	t := newTwinState()
	return t.fill(c)
}

func newTwinState() twinState {
	empty := newSection().appendService(nil)
	return twinState{Version: 1, ETagNumber: 1, Tags: json.RawMessage("{}"), Desired: empty, Reported: empty}
}

// fill puts content into a new twin.
func (t *twinState) fill(c TwinContent) error {
	if c.Tags != nil || c.Desired != nil {
		body, err := c.patch()
		if err != nil {
			return err
		}
		patch, err := parseTwinPatch(body)
		if err != nil {
			return err
		}
		if _, err := t.patch(patch); err != nil {
			return err
		}
	}
	if c.Reported == nil {
		return nil
	}
	_, err := t.report(c.Reported, nil)
	return err
}
