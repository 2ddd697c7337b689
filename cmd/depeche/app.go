package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v2"
)

// The exit codes. `depeche diff` has those of diff(1) instead.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2
	exitIncomplete  = 3 // a segment has no target, or --strict and an error finding
	exitInterrupted = 130
)

// exitError is an error that decides the exit code. Without an inner error
// nothing is printed: the command has said what there is to say.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// usagef is an error in the words of the command line.
func usagef(format string, args ...any) error {
	return &exitError{exitUsage, fmt.Errorf(format, args...)}
}

// run is the whole program; it gives the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	app := newApp(stdin, stdout, stderr)
	if args[len(args)-1] != "--generate-bash-completion" {
		args = permute(app, args)
	}
	err := app.RunContext(ctx, args)
	if err == nil {
		return exitDone
	}
	code, msg := exitFailed, err.Error()
	var exit *exitError
	switch {
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		code, msg = exitInterrupted, "interrupted; what is done is kept, the same command goes on"
	case errors.As(err, &exit):
		code = exit.code
	}
	if msg != "" {
		fmt.Fprintln(stderr, "depeche: "+msg)
	}
	return code
}

func newApp(stdin io.Reader, stdout, stderr io.Writer) *cli.App {
	app := &cli.App{
		Name:  "depeche",
		Usage: "translate French dispatches into aligned bilingual documents",
		UsageText: "depeche COMMAND [FLAGS] [FILES]\n\n" +
			"First step: depeche translate dispatch.txt writes dispatch.html and dispatch.xlf beside it.",
		Version:                   version(),
		HideVersion:               true, // so that -v is not taken from users who mean --verbose
		Reader:                    stdin,
		Writer:                    stdout,
		ErrWriter:                 stderr,
		Commands:                  commands(),
		Flags:                     globalFlags(),
		DisableSliceFlagSeparator: true,
		HideHelpCommand:           true,
		ExitErrHandler:            func(*cli.Context, error) {}, // run decides the exit code
		EnableBashCompletion:      true,
		Action: func(c *cli.Context) error {
			if c.Bool("version") {
				return printVersion(c)
			}
			if c.Args().Present() {
				return usagef("unknown command %q%s; depeche --help lists the commands", c.Args().First(), suggest(c.App, c.Args().First()))
			}
			return cli.ShowAppHelp(c)
		},
	}
	app.OnUsageError = usageError
	settle(app.Commands)
	return app
}

// settle gives all commands what urfave/cli does not let them inherit.
func settle(list []*cli.Command) {
	for _, cmd := range list {
		cmd.OnUsageError = usageError
		cmd.HideHelpCommand = true
		settle(cmd.Subcommands)
		if len(cmd.Subcommands) > 0 && cmd.Action == nil {
			cmd.Action = func(c *cli.Context) error {
				if c.Args().Present() {
					return usagef("unknown command %q; see depeche %s --help", c.Args().First(), c.Command.Name)
				}
				return cli.ShowSubcommandHelp(c)
			}
		}
	}
}

func usageError(c *cli.Context, err error, _ bool) error {
	name := "depeche"
	if c.Command != nil && c.Command.Name != "" && c.Command.Name != name {
		name += " " + c.Command.Name
	}
	return usagef("%w; see %s --help", err, name)
}

// commands is the table of all commands, in the order of the help text.
func commands() []*cli.Command {
	return []*cli.Command{
		translateCommand(),
		watchCommand(),
		segmentCommand(),
		convertCommand(),
		importCommand(),
		checkCommand(),
		diffCommand(),
		scoreCommand(),
		reviewCommand(),
		glossaryCommand(),
		memoryCommand(),
		backendsCommand(),
		doctorCommand(),
		modelCommand(),
		formatsCommand(),
		completionCommand(),
		versionCommand(),
	}
}

func globalFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "config", Usage: "read the configuration from `FILE`", EnvVars: []string{"DEPECHE_CONFIG"}},
		&cli.BoolFlag{Name: "verbose", Usage: "say more on standard error", EnvVars: []string{"DEPECHE_VERBOSE"}},
		&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "say nothing but errors", EnvVars: []string{"DEPECHE_QUIET"}},
		&cli.BoolFlag{Name: "version", Usage: "print the version"},
	}
}

// suggest proposes the command that the user may have meant.
func suggest(app *cli.App, word string) string {
	for _, cmd := range app.Commands {
		if strings.HasPrefix(cmd.Name, word) || len(word) > 2 && strings.HasPrefix(cmd.Name, word[:3]) {
			return fmt.Sprintf(" (did you mean %q?)", cmd.Name)
		}
	}
	return ""
}
