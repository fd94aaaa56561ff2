package main

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"twinrig/scenarios"
)

// The examples in the help can be typed as they stand, in the repository.
func TestHelpExamples(t *testing.T) {
	t.Chdir("../..")
	examples := 0
	var visit func(c *cobra.Command)
	visit = func(c *cobra.Command) {
		for line := range strings.Lines(c.Example) {
			line, _, _ = strings.Cut(strings.TrimSpace(line), "   ") // an explanation may follow
			for command := range strings.SplitSeq(line, " | ") {
				if args, ok := strings.CutPrefix(command, "twinrig "); ok {
					examples++
					checkExample(t, command, shellWords(args))
				}
			}
		}
		for _, sub := range c.Commands() {
			visit(sub)
		}
	}
	visit(rootCommand())
	if examples < 10 {
		t.Errorf("found %d examples; is the search broken?", examples)
	}
}

func checkExample(t *testing.T, line string, args []string) {
	t.Helper()
	cmd, rest, err := rootCommand().Find(args)
	if err == nil {
		err = cmd.ParseFlags(rest)
	}
	if err == nil {
		err = cmd.ValidateArgs(cmd.Flags().Args())
	}
	if err == nil && cmd.CommandPath() == "twinrig run" {
		paths := cmd.Flags().Args()
		if len(paths) == 0 {
			paths = []string{"features"}
		}
		_, err = scenarios.LoadFeatures(paths, cmd.Flags().Lookup("tags").Value.String())
	}
	if err != nil {
		t.Errorf("%s: %v", line, err)
	}
}

// shellWords splits a command line; quotes of either kind hold a word together.
func shellWords(line string) (words []string) {
	var word strings.Builder
	quote, inWord := rune(0), false
	for _, c := range line + " " {
		switch {
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '"' || c == '\''):
			quote, inWord = c, true
		case quote == 0 && c == ' ':
			if inWord {
				words = append(words, word.String())
				word.Reset()
				inWord = false
			}
		default:
			word.WriteRune(c)
			inWord = true
		}
	}
	return words
}
