package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"
)

// twinChange is what `twinrig hub twin` is to write.
type twinChange struct {
	tags, desired string
	etag          string
	replace       bool
}

func twinCommand() *cobra.Command {
	var change twinChange
	cmd := &cobra.Command{
		Use:   "twin ID",
		Short: "Show the twin of a device or a module, or change it",
		Long: `Show a twin. With --desired or --tags those are merged into it first, a null removing
what it stands for.`,
		Example: `  twinrig hub twin truck-8
  twinrig hub twin truck-8 --desired '{"interval":30}' --tags '{"site":"depot"}'`,
		Args: cobra.ExactArgs(1),
	}
	f := cmd.Flags()
	f.StringVar(&change.desired, "desired", "", "JSON object of desired properties")
	f.StringVar(&change.tags, "tags", "", "JSON object of tags")
	f.BoolVar(&change.replace, "replace", false, "replace tags and desired properties by those given instead of merging them")
	f.StringVar(&change.etag, "etag", "", "only if the twin still has this etag")
	return serviceCommand(cmd, func(cmd *cobra.Command, s *service, args []string) error {
		if change.desired == "" && change.tags == "" && !change.replace {
			t, err := s.Twin(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			return s.printPretty(t)
		}
		return change.write(cmd, s, args[0])
	})
}

func (c *twinChange) write(cmd *cobra.Command, s *service, id string) error {
	body := map[string]any{}
	if c.tags != "" {
		tags, err := argumentJSON("--tags", c.tags)
		if err != nil {
			return err
		}
		body["tags"] = tags
	}
	if c.desired != "" {
		desired, err := argumentJSON("--desired", c.desired)
		if err != nil {
			return err
		}
		body["properties"] = map[string]json.RawMessage{"desired": desired}
	}
	write := s.PatchTwin
	if c.replace {
		write = s.ReplaceTwin
	}
	t, err := write(cmd.Context(), id, body, c.etag)
	if err != nil {
		return err
	}
	return s.printPretty(t)
}

func queryCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "query TEXT",
		Short: "Run a query over devices or modules; results are JSON, one a line",
		Example: `  twinrig hub query "SELECT deviceId, tags.site FROM devices WHERE tags.site = 'depot'"
  twinrig hub query "SELECT COUNT() AS n FROM devices"`,
		Args: cobra.ExactArgs(1),
	}
	return serviceCommand(cmd, func(cmd *cobra.Command, s *service, args []string) error {
		for item, err := range s.Query(cmd.Context(), args[0]) {
			if err != nil {
				return err
			}
			if _, err := fmt.Fprintf(s.out, "%s\n", item); err != nil {
				return err
			}
		}
		return nil
	})
}
