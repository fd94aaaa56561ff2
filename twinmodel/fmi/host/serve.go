package host

import (
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"time"

	"twinrig/twinmodel/fmi"
)

// model is an instantiated FMU of either version.
type model interface {
	initialize(start float64) error
	set(kind fmi.Kind, references []uint32, values []float64) error
	get(kind fmi.Kind, references []uint32, values []float64) error
	step(t, h float64) error
	save() (uintptr, error)
	restore(state uintptr) error
	free()
}

// Serve answers requests until in ends.
func Serve(in io.Reader, out io.Writer) error {
	requests, responses := gob.NewDecoder(in), gob.NewEncoder(out)
	s := session{}
	defer s.close()
	for {
		var r fmi.Request
		if err := requests.Decode(&r); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return fmt.Errorf("FMU host: %w", err)
		}
		answer, err := s.do(r)
		if err != nil {
			answer.Error = err.Error()
		}
		if err := responses.Encode(answer); err != nil {
			return fmt.Errorf("FMU host: %w", err)
		}
	}
}

// session is one FMU and its saved states.
type session struct {
	model  model
	states []uintptr
}

func (s *session) close() {
	if s.model != nil {
		s.model.free()
	}
}

func (s *session) do(r fmi.Request) (answer fmi.Response, err error) {
	if r.Op == fmi.Load {
		if s.model != nil {
			return answer, errors.New("an FMU is loaded already")
		}
		s.model, err = load(r)
		return answer, err
	}
	if s.model == nil {
		return answer, errors.New("no FMU is loaded")
	}
	switch r.Op {
	case fmi.Initialize:
		return answer, s.model.initialize(r.Time.Seconds())
	case fmi.Step:
		for ; answer.Steps < r.Count; answer.Steps++ {
			at := r.Time + time.Duration(answer.Steps)*r.Length
			if err := s.model.step(at.Seconds(), r.Length.Seconds()); err != nil {
				return answer, err
			}
		}
		return answer, nil
	case fmi.Set, fmi.Get:
		return s.variables(r)
	case fmi.Save:
		state, err := s.model.save()
		if err == nil {
			s.states = append(s.states, state)
		}
		return fmi.Response{Handle: len(s.states) - 1}, err
	case fmi.Restore:
		if r.Handle < 0 || r.Handle >= len(s.states) {
			return answer, fmt.Errorf("no state %d was saved", r.Handle)
		}
		return answer, s.model.restore(s.states[r.Handle])
	}
	return answer, fmt.Errorf("unknown operation %d", r.Op)
}

// variables sets or gets, one kind after the other.
func (s *session) variables(r fmi.Request) (answer fmi.Response, err error) {
	if len(r.Kinds) != len(r.References) || r.Op == fmi.Set && len(r.Values) != len(r.References) {
		return answer, errors.New("references, kinds and values differ in number")
	}
	if r.Op == fmi.Get {
		answer.Values = make([]float64, len(r.References))
	}
	for kind := fmi.Real; kind <= fmi.Boolean; kind++ {
		var at []int
		var references []uint32
		var values []float64
		for i, k := range r.Kinds {
			if k == kind {
				at, references = append(at, i), append(references, r.References[i])
				if r.Op == fmi.Set {
					values = append(values, r.Values[i])
				}
			}
		}
		switch {
		case len(at) == 0:
			continue
		case r.Op == fmi.Set:
			err = s.model.set(kind, references, values)
		default:
			values = make([]float64, len(at))
			err = s.model.get(kind, references, values)
		}
		if err != nil {
			return answer, err
		}
		for i, v := range values {
			if r.Op == fmi.Get {
				answer.Values[at[i]] = v
			}
		}
	}
	return answer, nil
}
