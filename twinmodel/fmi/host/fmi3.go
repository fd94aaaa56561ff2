package host

import (
	"errors"
	"runtime"

	"github.com/ebitengine/purego"

	"twinrig/twinmodel/fmi"
)

// fmi3 is an instance of an FMU of FMI 3.0.
type fmi3 struct {
	instance uintptr
	pin      runtime.Pinner

	instantiate func(name, token, resources uintptr, visible, logging, eventMode, earlyReturn bool, required, count, environment, logger, update uintptr) uintptr
	enter       func(c uintptr, toleranceDefined bool, tolerance, start float64, stopDefined bool, stop float64) int32
	exit        func(c uintptr) int32
	terminate   func(c uintptr) int32
	release     func(c uintptr)
	doStep      func(c uintptr, t, h float64, noSetPrior bool, event, terminate, early *bool, last *float64) int32
	getFloat64  func(c uintptr, vr *uint32, n uintptr, v *float64, nv uintptr) int32
	setFloat64  func(c uintptr, vr *uint32, n uintptr, v *float64, nv uintptr) int32
	getFloat32  func(c uintptr, vr *uint32, n uintptr, v *float32, nv uintptr) int32
	setFloat32  func(c uintptr, vr *uint32, n uintptr, v *float32, nv uintptr) int32
	getInt32    func(c uintptr, vr *uint32, n uintptr, v *int32, nv uintptr) int32
	setInt32    func(c uintptr, vr *uint32, n uintptr, v *int32, nv uintptr) int32
	getBoolean  func(c uintptr, vr *uint32, n uintptr, v *bool, nv uintptr) int32
	setBoolean  func(c uintptr, vr *uint32, n uintptr, v *bool, nv uintptr) int32
	getState    func(c uintptr, state *uintptr) int32
	setState    func(c, state uintptr) int32
}

func newFMI3(b *binder, r fmi.Request) (*fmi3, error) {
	m := &fmi3{}
	b.bind(&m.instantiate, "fmi3InstantiateCoSimulation")
	b.bind(&m.enter, "fmi3EnterInitializationMode")
	b.bind(&m.exit, "fmi3ExitInitializationMode")
	b.bind(&m.terminate, "fmi3Terminate")
	b.bind(&m.release, "fmi3FreeInstance")
	b.bind(&m.doStep, "fmi3DoStep")
	b.bind(&m.getFloat64, "fmi3GetFloat64")
	b.bind(&m.setFloat64, "fmi3SetFloat64")
	b.bind(&m.getFloat32, "fmi3GetFloat32")
	b.bind(&m.setFloat32, "fmi3SetFloat32")
	b.bind(&m.getInt32, "fmi3GetInt32")
	b.bind(&m.setInt32, "fmi3SetInt32")
	b.bind(&m.getBoolean, "fmi3GetBoolean")
	b.bind(&m.setBoolean, "fmi3SetBoolean")
	b.bind(&m.getState, "fmi3GetFMUState")
	b.bind(&m.setState, "fmi3SetFMUState")
	if b.err != nil {
		return nil, nil
	}
	logger := purego.NewCallback(func(_ uintptr, _ int32, _, _ uintptr) {})
	m.instance = m.instantiate(cString(&m.pin, r.Name), cString(&m.pin, r.Token), cString(&m.pin, r.Resources),
		false, false, false, false, 0, 0, 0, logger, 0)
	if m.instance == 0 {
		return nil, errors.New("fmi3InstantiateCoSimulation refused; the instantiation token or the resources may be wrong")
	}
	return m, nil
}

func (m *fmi3) initialize(start float64) error {
	if err := check("fmi3EnterInitializationMode", m.enter(m.instance, false, 0, start, false, 0)); err != nil {
		return err
	}
	return check("fmi3ExitInitializationMode", m.exit(m.instance))
}

func (m *fmi3) set(kind fmi.Kind, references []uint32, values []float64) error {
	n := uintptr(len(references))
	switch kind {
	case fmi.Real:
		return check("fmi3SetFloat64", m.setFloat64(m.instance, first(references), n, first(values), n))
	case fmi.Float32:
		v := make([]float32, len(values))
		for i := range v {
			v[i] = float32(values[i])
		}
		return check("fmi3SetFloat32", m.setFloat32(m.instance, first(references), n, first(v), n))
	case fmi.Boolean:
		v := make([]bool, len(values))
		for i := range v {
			v[i] = values[i] != 0
		}
		return check("fmi3SetBoolean", m.setBoolean(m.instance, first(references), n, first(v), n))
	}
	v, err := wholes(values)
	if err != nil {
		return err
	}
	return check("fmi3SetInt32", m.setInt32(m.instance, first(references), n, first(v), n))
}

func (m *fmi3) get(kind fmi.Kind, references []uint32, values []float64) (err error) {
	n := uintptr(len(references))
	switch kind {
	case fmi.Real:
		return check("fmi3GetFloat64", m.getFloat64(m.instance, first(references), n, first(values), n))
	case fmi.Float32:
		v := make([]float32, len(values))
		err = check("fmi3GetFloat32", m.getFloat32(m.instance, first(references), n, first(v), n))
		for i := range v {
			values[i] = float64(v[i])
		}
	case fmi.Boolean:
		v := make([]bool, len(values))
		err = check("fmi3GetBoolean", m.getBoolean(m.instance, first(references), n, first(v), n))
		for i := range v {
			if v[i] {
				values[i] = 1
			}
		}
	default:
		v := make([]int32, len(values))
		err = check("fmi3GetInt32", m.getInt32(m.instance, first(references), n, first(v), n))
		for i := range v {
			values[i] = float64(v[i])
		}
	}
	return err
}

func (m *fmi3) step(t, h float64) error {
	var event, terminate, early bool
	var last float64
	if err := check("fmi3DoStep", m.doStep(m.instance, t, h, true, &event, &terminate, &early, &last)); err != nil {
		return err
	}
	if terminate {
		return errors.New("the FMU asks to end the simulation")
	}
	return nil
}

func (m *fmi3) save() (state uintptr, err error) {
	err = check("fmi3GetFMUState", m.getState(m.instance, &state))
	return state, err
}

func (m *fmi3) restore(state uintptr) error {
	return check("fmi3SetFMUState", m.setState(m.instance, state))
}

func (m *fmi3) free() {
	m.terminate(m.instance)
	m.release(m.instance)
	m.pin.Unpin()
}
