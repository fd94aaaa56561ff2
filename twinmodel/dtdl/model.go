package dtdl

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
)

// maxExtends is how deep interfaces may extend one another.
const maxExtends = 10

// Model is an interface with everything it extends and all its components.
type Model struct {
	ID         string
	Interface  *Interface
	Contents   []*Content // own first, then inherited
	Components map[string]*Model
	Warnings   []string
}

// Repository finds interfaces: among texts that are known, and then in folders
// laid out as a device model repository.
type Repository struct {
	Known   map[string]string // DTDL text by identifier
	Folders []fs.FS
	Mode    Mode
}

// Load reads an interface and everything it refers to.
func (r *Repository) Load(id string) (*Model, error) {
	l := &loader{repository: r, read: map[string]*Interface{}}
	return l.model(id, nil)
}

// loader keeps what it has read while one model is put together.
type loader struct {
	repository *Repository
	read       map[string]*Interface
	warnings   []string
	visits     int // of interfaces, however often each is extended
}

func (l *loader) model(id string, inside []string) (*Model, error) {
	if slices.Contains(inside, id) {
		return nil, fmt.Errorf("load model %s: it holds itself as a component", id)
	}
	i, err := l.iface(id)
	if err != nil {
		return nil, err
	}
	m := &Model{ID: id, Interface: i, Components: map[string]*Model{}}
	if m.Contents, err = l.contents(i, nil); err != nil {
		return nil, err
	}
	for _, c := range m.Contents {
		if c.Kind != Component {
			continue
		}
		if len(inside) > 0 && i.Language == 2 {
			return nil, fmt.Errorf("load model %s: component %s lies in a component, which version 2 does not allow", id, c.Name)
		}
		if len(inside) > maxExtends {
			return nil, fmt.Errorf("load model %s: components nested deeper than %d", id, maxExtends)
		}
		inner, err := l.model(c.Target, append(inside, id))
		if err != nil {
			return nil, fmt.Errorf("component %s of %s: %w", c.Name, id, err)
		}
		m.Components[c.Name] = inner
	}
	m.Warnings = l.warnings
	return m, nil
}

// contents are an interface's own and inherited contents.
func (l *loader) contents(i *Interface, below []string) ([]*Content, error) {
	if slices.Contains(below, i.ID) {
		return nil, fmt.Errorf("load model %s: it extends itself", i.ID)
	}
	if len(below) > maxExtends {
		return nil, fmt.Errorf("load model %s: interfaces extend one another deeper than %d", below[0], maxExtends)
	}
	if l.visits++; l.visits > 2000 {
		return nil, fmt.Errorf("load model %s: it is made of too many interfaces", i.ID)
	}
	out := slices.Clone(i.Contents)
	for _, id := range i.Extends {
		base, err := l.iface(id)
		if err != nil {
			return nil, err
		}
		inherited, err := l.contents(base, append(slices.Clone(below), i.ID))
		if err != nil {
			return nil, err
		}
		for _, c := range inherited {
			at := slices.IndexFunc(out, func(o *Content) bool { return o.Name == c.Name })
			switch {
			case at < 0:
				out = append(out, c)
			case out[at] != c: // the same content may come by two ways
				return nil, fmt.Errorf("load model %s: content %q comes from %s as well", i.ID, c.Name, id)
			}
		}
		if len(out) > 100000 {
			return nil, fmt.Errorf("load model %s: more than 100000 contents", i.ID)
		}
	}
	return out, nil
}

// iface reads one interface.
func (l *loader) iface(id string) (*Interface, error) {
	if i, ok := l.read[id]; ok {
		return i, nil
	}
	if err := CheckDTMI(id, 3); err != nil {
		return nil, fmt.Errorf("load model: %w", err)
	}
	text, err := l.repository.text(id)
	if err != nil {
		return nil, err
	}
	all, findings, err := Parse(text, l.repository.Mode)
	if err == nil {
		err = findings.Err()
	}
	if err != nil {
		return nil, fmt.Errorf("load model %s: %w", id, err)
	}
	for _, w := range findings.Warnings() {
		l.warnings = append(l.warnings, id+": "+w)
	}
	for _, i := range all {
		for _, one := range append(i.Inline, i) {
			l.read[one.ID] = one
		}
	}
	i, ok := l.read[id]
	if !ok {
		return nil, fmt.Errorf("load model %s: %s holds %s instead", id, RepositoryPath(id), all[0].ID)
	}
	return i, nil
}

func (r *Repository) text(id string) ([]byte, error) {
	if text, ok := r.Known[id]; ok {
		return []byte(text), nil
	}
	for _, folder := range r.Folders {
		text, err := fs.ReadFile(folder, RepositoryPath(id))
		if err == nil {
			return text, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("load model %s: %w", id, err)
		}
	}
	return nil, fmt.Errorf("load model %s: no %s in the model folders; name the folder with --models, or under models in a device file", id, RepositoryPath(id))
}

// Of are the contents of one kind.
func (m *Model) Of(kind ContentKind) (out []*Content) {
	for _, c := range m.Contents {
		if c.Kind == kind {
			out = append(out, c)
		}
	}
	return out
}

// Content finds a content by name.
func (m *Model) Content(kind ContentKind, name string) (*Content, bool) {
	for _, c := range m.Contents {
		if c.Kind == kind && c.Name == name {
			return c, true
		}
	}
	return nil, false
}
