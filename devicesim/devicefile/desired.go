package devicefile

import "fmt"

// desired takes desired properties and returns what to report: acknowledgements
// of what was asked for and, the first time, all other values.
func (c *controller) desired(section map[string]any) (patch map[string]any) {
	version, _ := section["$version"].(float64)
	for i := range c.law.settings {
		s := &c.law.settings[i]
		want, asked := wanted(section, s)
		switch {
		case asked && s.element.Writable && c.version[i] != version:
			c.version[i] = version
			patch = report(patch, s, c.take(i, want, version))
		case !c.told && s.element.Writable:
			patch = report(patch, s, acknowledgement(c.current[i], 203, 0, "firmware default"))
		case !c.told:
			patch = report(patch, s, c.current[i])
		}
	}
	c.told = true
	return patch
}

// wanted is what the service asks for.
func wanted(section map[string]any, s *setting) (any, bool) {
	if s.element.Component != "" {
		section, _ = section[s.element.Component].(map[string]any)
	}
	v, ok := section[s.element.Name]
	return v, ok
}

func (c *controller) take(i int, want any, version float64) map[string]any {
	s := &c.law.settings[i]
	if want == nil {
		c.current[i] = s.initial
		return acknowledgement(s.initial, 200, version, "back to the firmware's default")
	}
	if err := s.legal(want); err != nil {
		return acknowledgement(c.current[i], 400, version, fmt.Sprintf("%s: %v", s.element, err))
	}
	c.current[i] = want
	return acknowledgement(want, 200, version, "")
}

func acknowledgement(value any, code int, version float64, text string) map[string]any {
	ack := map[string]any{"value": value, "ac": code, "av": int64(version)}
	if text != "" {
		ack["ad"] = text
	}
	return ack
}

// report puts a property's value into a patch, in its component.
func report(patch map[string]any, s *setting, value any) map[string]any {
	if patch == nil {
		patch = map[string]any{}
	}
	section := patch
	if name := s.element.Component; name != "" {
		inner, _ := patch[name].(map[string]any)
		if inner == nil {
			inner = map[string]any{"__t": "c"}
			patch[name] = inner
		}
		section = inner
	}
	section[s.element.Name] = value
	return patch
}
