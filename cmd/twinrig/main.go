// Command twinrig tests IoT solutions: it runs Gherkin scenarios with physical
// device models against a reference hub, or serves that hub to your own code.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
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

// rigFault is trouble with the machine the program runs on, not with what the
// user asked for.
type rigFault struct{ error }

func (f rigFault) Unwrap() error { return f.error }

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
		if errors.As(err, new(refused)) {
			return exitFailed
		}
		return exitUsage
	}
	fmt.Fprintln(w, "Error:", err)
	if strings.HasPrefix(err.Error(), "unknown command") {
		fmt.Fprintln(w, "Hint: see 'twinrig --help' for the commands there are.")
	}
	if errors.As(err, new(rigFault)) {
		return exitInconclusive
	}
	return exitUsage
}
