// Package ode integrates ordinary differential equations and hybrid systems.
//
// DoPri5 is the explicit Runge-Kutta pair of Dormand and Prince with step
// control and a continuous extension, Rodas4 a Rosenbrock method for stiff
// systems, RK4 has a fixed step for real time, and ExpAffine steps linear plants
// exactly. Simulator drives a Hybrid with any of them: modes, guards that fire
// inside a step, resets, timers, inputs that jump, snapshots. Time is in seconds
// or whatever unit the model uses.
//
// It does not choose: a stiff system gets ErrStiff from DoPri5 and wants
// Config.Stiff. Matrices are dense and meant for a few states. Nothing is
// allocated while stepping, and all results are the same bits on every architecture if the
// model's are.
package ode
