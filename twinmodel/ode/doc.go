// Package ode integrates ordinary differential equations and hybrid systems.
//
// DoPri5 is the explicit Runge-Kutta pair of Dormand and Prince with step
// control and a continuous extension. Simulator drives a Hybrid with it: modes,
// guards that fire inside a step, resets, timers, inputs that jump, snapshots.
// Time is in seconds or whatever unit the model uses.
//
// It has no implicit method: a stiff system gets ErrStiff. Nothing is allocated
// while stepping, and all results are the same bits on every architecture if the
// model's are.
package ode
