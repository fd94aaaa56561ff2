package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// healthTimeout bounds the question.
const healthTimeout = 5 * time.Second

func healthCommand() *cobra.Command {
	var port int
	cmd := &cobra.Command{
		Use:   "health",
		Short: "Ask a hub on this machine whether it is ready; the exit code tells",
		Long: `Ask the admin listener of a hub on this machine, for container runtimes that have no other
program in the image to do so. The exit code is 1 unless the hub is ready.`,
		Example: `  twinrig hub health --admin-port 9090`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			answer, ok := askHealth(cmd.Context(), port)
			fmt.Fprintln(cmd.OutOrStdout(), answer)
			if !ok {
				return exit{exitFailed}
			}
			return nil
		},
	}
	cmd.Flags().IntVar(&port, "admin-port", 9090, "port of the admin listener")
	return cmd
}

func askHealth(ctx context.Context, port int) (answer string, ok bool) {
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("http://127.0.0.1:%d/readyz", port), nil)
	if err != nil {
		return err.Error(), false
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return err.Error(), false
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, 1<<10))
	if err != nil {
		return err.Error(), false
	}
	return strings.TrimSpace(string(text)), resp.StatusCode == http.StatusOK
}
