// Package scenarios runs Gherkin scenarios about IoT devices: it has the
// vocabulary, the world a scenario lives in, virtual time and verdicts.
//
// A feature is cut into pickles, one for each scenario or row of an outline
// ([LoadFeatures]); [CheckSteps] finds sentences nobody understands before
// anything runs; a [Supervisor] hands pickles to worker processes, in each of
// which [Run] builds a [World] (a hub of its own, devices around their plants, a
// service) and lets godog walk through the steps. What happens becomes a run
// record, which package reports renders.
//
// The steps are tables in step_*.go, one family a file. A step method returns
// nil, an unmet expectation (the scenario fails), a usage error (the sentence
// makes no sense here) or a rig error (the verdict is inconclusive).
//
// It is not a general Gherkin runner: sentences are about devices, plants and
// hubs, and steps have no access to anything but their World.
package scenarios
