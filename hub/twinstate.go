package hub

import (
	"errors"
	"fmt"
	"strings"
)

// A corruptError says that what the store holds is not what the hub wrote.
type corruptError struct{ error }

func isCorrupt(err error) bool {
	var c corruptError
	return errors.As(err, &c)
}

func parseStored(text []byte) (section, error) {
	s, err := parseSection(text)
	if err != nil {
		return section{}, corruptError{fmt.Errorf("read stored section: %w", err)}
	}
	return s, nil
}

func parseStoredTags(text []byte) (*node, error) {
	tags, err := parseJSON(text)
	if err == nil && tags.kind != jsonObject {
		err = fmt.Errorf("%v, not an object", tags.kind)
	}
	if err != nil {
		return nil, corruptError{fmt.Errorf("read stored tags: %w", err)}
	}
	return tags, nil
}

// twinPatch is what a service may write of a twin. A section that is not given is
// nil; one that is null is of kind jsonNull.
type twinPatch struct {
	tags, desired *node
}

// parseTwinPatch parses the body of a twin PATCH or PUT. Other members of a twin
// (etag, reported, …) are passed over: clients send whole twins back.
func parseTwinPatch(body []byte) (p twinPatch, err error) {
	root, err := parseJSON(body)
	if err != nil {
		return p, err
	}
	if root.kind != jsonObject {
		return p, fmt.Errorf("the patch is %v, not an object", root.kind)
	}
	if p.tags = root.fields["tags"]; p.tags != nil && p.tags.kind != jsonNull {
		if p.tags.kind != jsonObject {
			return p, fmt.Errorf("tags is %v, not an object", p.tags.kind)
		}
		if err := p.tags.check("tags", 0); err != nil {
			return p, err
		}
	}
	properties := root.fields["properties"]
	if properties == nil || properties.kind == jsonNull {
		return p, nil
	}
	if properties.kind != jsonObject {
		return p, fmt.Errorf("properties is %v, not an object", properties.kind)
	}
	if p.desired = properties.fields["desired"]; p.desired != nil && p.desired.kind != jsonNull {
		err = p.desired.checkPatch("properties.desired")
	}
	return p, err
}

// checkPatch checks the patch of one section. Keys with a dollar sign on its top level
// are the hub's own and are passed over.
func (n *node) checkPatch(path string) error {
	if n.kind != jsonObject {
		return fmt.Errorf("%s is %v, not an object", path, n.kind)
	}
	for key := range n.fields {
		if strings.HasPrefix(key, "$") {
			delete(n.fields, key)
		}
	}
	return n.check(path, 0)
}

// patch merges p into the twin.
func (t *twinState) patch(p twinPatch) (*notification, error) {
	if p.tags == nil && p.desired == nil {
		return nil, nil
	}
	if p.tags != nil {
		tags, err := parseStoredTags(t.Tags)
		if err != nil {
			return nil, err
		}
		if p.tags.kind == jsonNull {
			tags = newObject()
		} else {
			tags.merge(p.tags, stamp{})
		}
		if err := t.setTags(tags); err != nil {
			return nil, err
		}
	}
	t.touch()
	if p.desired == nil {
		return nil, nil
	}
	desired, err := parseStored(t.Desired)
	if err != nil {
		return nil, err
	}
	change := p.desired
	if change.kind == jsonNull {
		change = desired.root.removal()
	}
	desired.version++
	text := appendVersioned(nil, change, desired.version)
	desired.root.merge(change, stamp{now(), desired.version})
	return &notification{desired.version, text}, t.setDesired(desired)
}

// replace puts p in the place of tags and desired properties.
func (t *twinState) replace(p twinPatch) (*notification, error) {
	tags := newObject()
	if p.tags != nil && p.tags.kind == jsonObject {
		tags = p.tags.fresh(stamp{})
	}
	if err := t.setTags(tags); err != nil {
		return nil, err
	}
	desired, err := parseStored(t.Desired)
	if err != nil {
		return nil, err
	}
	if p.desired == nil || p.desired.kind == jsonNull {
		p.desired = newObject()
	}
	desired.version++
	desired.root = p.desired.fresh(stamp{now(), desired.version})
	t.touch()
	return &notification{desired.version, appendVersioned(nil, desired.root, desired.version)}, t.setDesired(desired)
}

// report merges a device's patch into the reported properties.
func (t *twinState) report(patch []byte, ifVersion *int64) (int64, error) {
	p, err := parseJSON(patch)
	if err != nil {
		return 0, err
	}
	if err := p.checkPatch("the patch"); err != nil {
		return 0, err
	}
	reported, err := parseStored(t.Reported)
	if err != nil {
		return 0, err
	}
	if ifVersion != nil && *ifVersion != reported.version {
		return 0, preconditionFailed.errorf("Reported properties have version %d, not %d.", reported.version, *ifVersion)
	}
	reported.version++
	reported.root.merge(p, stamp{at: now()})
	if err := reported.root.checkSize("reported", maxProperties); err != nil {
		return 0, err
	}
	t.Reported = reported.appendService(nil)
	t.Version++
	return reported.version, nil
}

// touch counts a change by a service.
func (t *twinState) touch() {
	t.Version++
	t.ETagNumber++
}

func (t *twinState) setTags(tags *node) error {
	if err := tags.checkSize("tags", maxTags); err != nil {
		return err
	}
	t.Tags = tags.appendJSON(nil)
	return nil
}

func (t *twinState) setDesired(s section) error {
	if err := s.root.checkSize("properties.desired", maxProperties); err != nil {
		return err
	}
	t.Desired = s.appendService(nil)
	return nil
}
