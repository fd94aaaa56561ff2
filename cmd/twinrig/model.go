package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"twinrig/devicesim"
	"twinrig/devicesim/catalog"
	"twinrig/twinmodel"
)

func modelCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "model",
		Short: "Look at the device models and run one alone",
		Example: `  twinrig model list
  twinrig model show reefer
  twinrig model run reefer --for 12h --plot reefer.svg`,
		Args: cobra.NoArgs,
	}
	cmd.AddCommand(modelListCommand(), modelShowCommand(), modelRunCommand())
	return cmd
}

func modelListCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List the models there are",
		Example: `  twinrig model list`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 8, 2, ' ', 0)
			for _, k := range catalog.Kinds() {
				fmt.Fprintf(w, "%s\t%s\t%s\n", k.Name, k.Title, k.ModelID)
			}
			return w.Flush()
		},
	}
}

func modelShowCommand() *cobra.Command {
	var dtdl bool
	cmd := &cobra.Command{
		Use:   "show model|file.fmu|file.inp",
		Short: "Show a model's signals, faults, parameters, sources and interface",
		Example: `  twinrig model show reefer
  twinrig model show esp --dtdl`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			k, plant, err := findModel(args[0], choices{seed: 1})
			if err != nil {
				return err
			}
			if dtdl {
				_, err = io.WriteString(cmd.OutOrStdout(), k.DTDL)
			} else {
				err = showModel(cmd.OutOrStdout(), k, plant.Spec())
			}
			return errors.Join(err, twinmodel.Close(plant))
		},
	}
	cmd.Flags().BoolVar(&dtdl, "dtdl", false, "print the DTDL interface and nothing else")
	return cmd
}

func showModel(out io.Writer, k *devicesim.Kind, spec *twinmodel.Spec) error {
	w := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	fmt.Fprintf(w, "%s: %s\n", k.Name, k.Title)
	if k.ModelID != "" {
		fmt.Fprintf(w, "Interface: %s (twinrig model show %s --dtdl)\n", k.ModelID, k.Name)
	}
	for _, section := range []struct {
		title string
		holds func(twinmodel.Signal) bool
	}{
		{"Inputs from the surroundings", func(s twinmodel.Signal) bool { return s.Direction == twinmodel.Environment && !s.Fault }},
		{"Actuators", func(s twinmodel.Signal) bool { return s.Direction == twinmodel.Actuator }},
		{"Faults, 0 healthy to 1 worst", func(s twinmodel.Signal) bool { return s.Fault }},
		{"Outputs", func(s twinmodel.Signal) bool { return s.Direction == twinmodel.Output }},
	} {
		if !slices.ContainsFunc(spec.Signals, section.holds) {
			continue
		}
		fmt.Fprintf(w, "\n%s\n", section.title)
		for _, s := range spec.Signals {
			if section.holds(s) {
				fmt.Fprintf(w, "  %s\t%s\t%s\t%s\n", s.Label, s.Name, extent(s), s.Doc)
			}
		}
	}
	if len(k.Options) > 0 {
		fmt.Fprint(w, "\nOptions of a device\n")
	}
	for _, o := range k.Options {
		if o.States != nil {
			fmt.Fprintf(w, "  %s\t%s\n", o.Name, strings.Join(o.States, ", "))
			continue
		}
		fmt.Fprintf(w, "  %s\t%s\n", o.Name, o.Unit)
	}
	if err := showParameters(w, k.Params); err != nil {
		return err
	}
	fmt.Fprint(w, "\nSources\n")
	for _, s := range spec.Sources {
		fmt.Fprintf(w, "  %s\n", s)
	}
	return w.Flush()
}

// extent is what values a signal can have.
func extent(s twinmodel.Signal) string {
	if s.States != nil {
		return strings.Join(s.States, ", ")
	}
	unit := s.Unit
	if unit == "1" {
		unit = ""
	}
	text := fmt.Sprintf("%g to %g %s", s.Min, s.Max, unit)
	if s.Direction != twinmodel.Output {
		text += fmt.Sprintf(" (%g)", s.Initial)
	}
	return text
}
