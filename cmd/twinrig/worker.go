package main

import (
	"os"

	"github.com/spf13/cobra"

	"twinrig/scenarios"
)

// workerCommand is what `twinrig run` starts to run scenarios in; people do not.
func workerCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "worker",
		Hidden: true,
		Args:   cobra.NoArgs,
		Run: func(*cobra.Command, []string) {
			scenarios.ServeWorker(os.Stdin, os.NewFile(3, "supervisor"))
		},
	}
}
