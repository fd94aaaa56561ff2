// Command twinrig tests IoT solutions: it runs Gherkin scenarios with physical
// device models against a reference hub, or serves that hub to your own code.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"twinrig/scenarios"
)

// Exit codes.
const (
	exitPassed       = 0
	exitFailed       = 1
	exitUsage        = 2
	exitInconclusive = 3
	exitInterrupted  = 130
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := rootCommand().ExecuteContext(ctx)
	stop()
	os.Exit(exitCode(os.Stderr, err))
}

// exit ends the program with a code after the command has said everything.
type exit struct{ code int }

func (e exit) Error() string { return fmt.Sprintf("exit code %d", e.code) }

// hinter is an error that knows what its reader should do.
type hinter interface{ Hint() string }

// exitCode prints an error, if there is one to print, and chooses the code.
func exitCode(w *os.File, err error) int {
	var done exit
	var usage *scenarios.UsageError
	switch {
	case err == nil:
		return exitPassed
	case errors.As(err, &done):
		return done.code
	case errors.As(err, &usage):
		fmt.Fprintf(w, "Error: %v\nHint: %s\n", err, usage.Hint)
		return exitUsage
	}
	fmt.Fprintln(w, "Error:", err)
	if h := hinter(nil); errors.As(err, &h) && h.Hint() != "" {
		fmt.Fprintln(w, "Hint:", h.Hint())
	}
	return exitUsage
}
