package main

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "twinrig",
		Short: "Test IoT solutions with a real hub and real physics",
		Long: `twinrig runs Gherkin scenarios in which physical device models talk to a full
reference hub, and serves that hub to your own Azure IoT code.`,
		Example: `  twinrig run features/                  run every scenario, in virtual time
  twinrig run features/cold-chain.feature:7    run the scenario that begins on line 7
  twinrig hub --data ./hubdata           start a hub your devices can connect to`,
		Version:       version(),
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.AddCommand(runCommand(), hubCommand(), reportCommand(), modelCommand(), workerCommand(), fmuHostCommand())
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return fmt.Errorf("%w\nSee '%s --help'", err, c.CommandPath())
	})
	return root
}

// version is the module version or, for a build from a checkout, "devel".
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "devel"
}
