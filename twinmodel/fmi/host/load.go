package host

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"unsafe"

	"github.com/ebitengine/purego"

	"twinrig/twinmodel/fmi"
)

// load opens the library and instantiates the FMU.
func load(r fmi.Request) (model, error) {
	library, err := purego.Dlopen(r.Library, purego.RTLD_NOW|purego.RTLD_LOCAL)
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", r.Library, err)
	}
	b := &binder{library: library}
	var m model
	if r.Version == 2 {
		m, err = newFMI2(b, r)
	} else {
		m, err = newFMI3(b, r)
	}
	if err = errors.Join(b.err, err); err != nil {
		return nil, fmt.Errorf("load %s: %w", r.Library, err)
	}
	return m, nil
}

// binder ties Go functions to those of a library and keeps the first error.
type binder struct {
	library uintptr
	err     error
}

func (b *binder) bind(function any, name string) {
	if b.err != nil {
		return
	}
	symbol, err := purego.Dlsym(b.library, name)
	if err != nil {
		b.err = fmt.Errorf("it has no function %s", name)
		return
	}
	purego.RegisterFunc(function, symbol)
}

// Statuses of FMI functions, the same in both versions.
const (
	statusWarning = 1
)

// check turns a status into an error.
func check(function string, status int32) error {
	if status <= statusWarning {
		return nil
	}
	names := map[int32]string{2: "discard", 3: "error", 4: "fatal", 5: "pending"}
	return fmt.Errorf("%s answered %s", function, names[status])
}

// cString is a NUL-terminated copy of s that the garbage collector leaves in
// place while p is pinned.
func cString(p *runtime.Pinner, s string) uintptr {
	b := append([]byte(s), 0)
	p.Pin(&b[0])
	return uintptr(unsafe.Pointer(&b[0]))
}

// wholes converts values to the 32-bit integers of C.
func wholes(values []float64) ([]int32, error) {
	out := make([]int32, len(values))
	for i, v := range values {
		if v != math.Trunc(v) || math.Abs(v) > math.MaxInt32 {
			return nil, fmt.Errorf("%g is not a 32-bit integer", v)
		}
		out[i] = int32(v)
	}
	return out, nil
}

func first[T any](s []T) *T {
	if len(s) == 0 {
		return nil
	}
	return &s[0]
}
