package main

import (
	"os"

	"github.com/spf13/cobra"

	"twinrig/scenarios"
	"twinrig/twinmodel/fmi/host"
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

// fmuHostCommand is what an imported FMU runs in; people do not start it.
func fmuHostCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "fmu-host",
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return host.Serve(cmd.InOrStdin(), cmd.OutOrStdout())
		},
	}
}
