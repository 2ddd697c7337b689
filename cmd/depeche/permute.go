package main

import (
	"strings"

	"github.com/urfave/cli/v2"
)

// permute puts the flags of a command line before its operands, and global
// flags before the command, so that both may stand anywhere: the flag parser
// takes everything after the first operand for operands. What follows "--"
// stays an operand.
func permute(app *cli.App, args []string) []string {
	if len(args) == 0 {
		return args
	}
	var globals, path, flags, operands []string
	commands, known := app.Commands, app.Flags
	rest := args[1:]
	for i := 0; i < len(rest); i++ {
		arg := rest[i]
		if arg == "--" {
			operands = append(operands, rest[i+1:]...)
			break
		}
		if arg == "-" || !strings.HasPrefix(arg, "-") {
			if cmd := findCommand(commands, arg); cmd != nil && len(operands) == 0 {
				path, commands, known = append(path, arg), cmd.Subcommands, cmd.Flags
			} else {
				operands = append(operands, arg)
			}
			continue
		}
		list, flag := &flags, findFlag(known, arg)
		if g := findFlag(app.Flags, arg); g != nil && flag == nil || len(path) == 0 {
			list, flag = &globals, g
		}
		*list = append(*list, arg)
		if takesValue(flag) && !strings.Contains(arg, "=") && i+1 < len(rest) {
			i++
			*list = append(*list, rest[i])
		}
	}
	out := append([]string{args[0]}, globals...)
	out = append(append(out, path...), flags...)
	if len(path) > 0 && len(operands) > 0 && len(commands) == 0 {
		out = append(out, "--") // an operand may begin with a dash
	}
	return append(out, operands...)
}

func findCommand(commands []*cli.Command, name string) *cli.Command {
	for _, c := range commands {
		if c.HasName(name) {
			return c
		}
	}
	return nil
}

func findFlag(flags []cli.Flag, arg string) cli.Flag {
	name, _, _ := strings.Cut(strings.TrimLeft(arg, "-"), "=")
	for _, f := range flags {
		for _, n := range f.Names() {
			if n == name {
				return f
			}
		}
	}
	return nil
}

func takesValue(f cli.Flag) bool {
	doc, ok := f.(cli.DocGenerationFlag)
	return ok && doc.TakesValue()
}
