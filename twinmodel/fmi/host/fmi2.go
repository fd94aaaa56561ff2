package host

import (
	"errors"
	"runtime"

	"github.com/ebitengine/purego"

	"twinrig/twinmodel/fmi"
)

const coSimulation = 1 // fmi2CoSimulation

// fmi2 is an instance of an FMU of FMI 2.0.
type fmi2 struct {
	instance uintptr
	pin      runtime.Pinner // holds what the FMU keeps pointers to

	instantiate func(name uintptr, kind int32, guid, resources uintptr, callbacks *callbacks2, visible, logging int32) uintptr
	setup       func(c uintptr, toleranceDefined int32, tolerance, start float64, stopDefined int32, stop float64) int32
	enter, exit func(c uintptr) int32
	terminate   func(c uintptr) int32
	release     func(c uintptr)
	doStep      func(c uintptr, t, h float64, noSetPrior int32) int32
	getReal     func(c uintptr, vr *uint32, n uintptr, v *float64) int32
	setReal     func(c uintptr, vr *uint32, n uintptr, v *float64) int32
	getInteger  func(c uintptr, vr *uint32, n uintptr, v *int32) int32
	setInteger  func(c uintptr, vr *uint32, n uintptr, v *int32) int32
	getBoolean  func(c uintptr, vr *uint32, n uintptr, v *int32) int32
	setBoolean  func(c uintptr, vr *uint32, n uintptr, v *int32) int32
	getState    func(c uintptr, state *uintptr) int32
	setState    func(c, state uintptr) int32
}

// callbacks2 is fmi2CallbackFunctions.
type callbacks2 struct {
	logger, allocate, free uintptr
	_, _                   uintptr // stepFinished, componentEnvironment
}

func newFMI2(b *binder, r fmi.Request) (*fmi2, error) {
	m := &fmi2{}
	b.bind(&m.instantiate, "fmi2Instantiate")
	b.bind(&m.setup, "fmi2SetupExperiment")
	b.bind(&m.enter, "fmi2EnterInitializationMode")
	b.bind(&m.exit, "fmi2ExitInitializationMode")
	b.bind(&m.terminate, "fmi2Terminate")
	b.bind(&m.release, "fmi2FreeInstance")
	b.bind(&m.doStep, "fmi2DoStep")
	b.bind(&m.getReal, "fmi2GetReal")
	b.bind(&m.setReal, "fmi2SetReal")
	b.bind(&m.getInteger, "fmi2GetInteger")
	b.bind(&m.setInteger, "fmi2SetInteger")
	b.bind(&m.getBoolean, "fmi2GetBoolean")
	b.bind(&m.setBoolean, "fmi2SetBoolean")
	b.bind(&m.getState, "fmi2GetFMUstate")
	b.bind(&m.setState, "fmi2SetFMUstate")
	if b.err != nil {
		return nil, nil
	}
	callbacks, err := newCallbacks2()
	if err != nil {
		return nil, err
	}
	m.pin.Pin(callbacks)
	m.instance = m.instantiate(cString(&m.pin, r.Name), coSimulation, cString(&m.pin, r.Token), cString(&m.pin, "file://"+r.Resources), callbacks, 0, 0)
	if m.instance == 0 {
		return nil, errors.New("fmi2Instantiate refused; the GUID or the resources may be wrong")
	}
	return m, nil
}

// newCallbacks2 gives the FMU the C library's allocator and a logger that keeps
// silent: its messages have printf's varying arguments, which Go cannot take.
func newCallbacks2() (*callbacks2, error) {
	calloc, err := purego.Dlsym(purego.RTLD_DEFAULT, "calloc")
	if err != nil {
		return nil, err
	}
	free, err := purego.Dlsym(purego.RTLD_DEFAULT, "free")
	if err != nil {
		return nil, err
	}
	logger := purego.NewCallback(func(_, _ uintptr, _ int32, _, _ uintptr) {})
	return &callbacks2{logger: logger, allocate: calloc, free: free}, nil
}

func (m *fmi2) initialize(start float64) error {
	if err := check("fmi2SetupExperiment", m.setup(m.instance, 0, 0, start, 0, 0)); err != nil {
		return err
	}
	if err := check("fmi2EnterInitializationMode", m.enter(m.instance)); err != nil {
		return err
	}
	return check("fmi2ExitInitializationMode", m.exit(m.instance))
}

func (m *fmi2) set(kind fmi.Kind, references []uint32, values []float64) error {
	n := uintptr(len(references))
	if kind == fmi.Real {
		return check("fmi2SetReal", m.setReal(m.instance, first(references), n, first(values)))
	}
	whole, err := wholes(values)
	if err != nil {
		return err
	}
	if kind == fmi.Boolean {
		return check("fmi2SetBoolean", m.setBoolean(m.instance, first(references), n, first(whole)))
	}
	return check("fmi2SetInteger", m.setInteger(m.instance, first(references), n, first(whole)))
}

func (m *fmi2) get(kind fmi.Kind, references []uint32, values []float64) (err error) {
	n := uintptr(len(references))
	if kind == fmi.Real {
		return check("fmi2GetReal", m.getReal(m.instance, first(references), n, first(values)))
	}
	whole := make([]int32, len(values))
	if kind == fmi.Boolean {
		err = check("fmi2GetBoolean", m.getBoolean(m.instance, first(references), n, first(whole)))
	} else {
		err = check("fmi2GetInteger", m.getInteger(m.instance, first(references), n, first(whole)))
	}
	for i, v := range whole {
		values[i] = float64(v)
	}
	return err
}

func (m *fmi2) step(t, h float64) error {
	return check("fmi2DoStep", m.doStep(m.instance, t, h, 1))
}

func (m *fmi2) save() (state uintptr, err error) {
	err = check("fmi2GetFMUstate", m.getState(m.instance, &state))
	return state, err
}

func (m *fmi2) restore(state uintptr) error {
	return check("fmi2SetFMUstate", m.setState(m.instance, state))
}

func (m *fmi2) free() {
	m.terminate(m.instance)
	m.release(m.instance)
	m.pin.Unpin()
}
