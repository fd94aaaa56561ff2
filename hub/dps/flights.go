package dps

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"twinrig/hub"
)

const (
	maxFlights     = 1024             // assignments under way at once; a device beyond is asked to come again
	flightDeadline = 30 * time.Second // of one assignment, its webhook included
)

// flights are the assignments under way in this process.
type flights struct {
	mu     sync.Mutex
	byID   map[string]string // operation by folded registration id
	closed bool
	wg     sync.WaitGroup
}

func (f *flights) underWay(id, operation string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.byID[fold(id)] == operation
}

// enter registers an assignment that run is about to do.
func (f *flights) enter(id, operation string, run func()) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case f.closed:
		return unavailable.errorf("The provisioning service is shutting down.")
	case len(f.byID) >= maxFlights:
		return throttled.errorf("%d assignments are under way.", maxFlights)
	}
	f.byID[fold(id)] = operation
	f.wg.Go(func() {
		defer f.leave(id, operation)
		run()
	})
	return nil
}

func (f *flights) leave(id, operation string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.byID[fold(id)] == operation {
		delete(f.byID, fold(id))
	}
}

func (f *flights) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
}

// launch starts the assignment that r waits for.
func (s *Service) launch(who registrant, r *registration) error {
	flying := *r
	return s.flights.enter(who.id, r.Operation, func() {
		ctx, cancel := context.WithTimeout(s.ctx, flightDeadline)
		defer cancel()
		if err := s.fly(ctx, who, &flying); err != nil {
			// The device goes on asking, which begins the assignment again.
			s.cfg.Log.Warn("assignment broken off", "registration", who.id, "error", err)
		}
	})
}

// fly assigns a device and writes the result down, unless the device has begun another
// operation or was unregistered meanwhile.
func (s *Service) fly(ctx context.Context, who registrant, r *registration) (err error) {
	defer func() {
		if p := recover(); p != nil {
			s.cfg.Log.Error("assignment failed", "registration", who.id, "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	state, err := s.assign(ctx, who, r)
	if s.ctx.Err() != nil {
		return context.Cause(s.ctx)
	}
	if err != nil {
		e := refusal(err)
		state = RegistrationState{Status: failed, ErrorCode: e.Code, ErrorMessage: e.Message}
	}
	state.RegistrationID, state.Created = r.State.RegistrationID, r.State.Created
	ctx, cancel := context.WithTimeout(s.ctx, ioDeadline) // the other may be used up
	defer cancel()
	return s.land(ctx, who.id, r.Operation, state)
}

func (s *Service) land(ctx context.Context, id, operation string, state RegistrationState) error {
	defer s.locks.lock(fold(id))()
	for {
		r, err := s.load(ctx, id)
		if err != nil {
			return err
		}
		if r.Pending == nil || r.Operation != operation {
			return nil
		}
		r.State, r.Pending = state, nil
		if state.Status == assigned {
			r.Place = &place{state.AssignedHub, state.DeviceID, state.Substatus}
		}
		if err = s.save(ctx, r); !errors.Is(err, hub.ErrConflict) || ctx.Err() != nil {
			return err
		}
	}
}
