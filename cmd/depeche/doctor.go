package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"depeche/translate/backend"
)

func doctorCommand() *cli.Command {
	return &cli.Command{Name: "doctor", Usage: "say for each backend whether it is ready, and what is missing",
		Description: "Keys, programs, models and servers are looked for; nothing is translated.\nThe exit code is 1 where a backend that the configuration names is not ready, or none is.",
		Action: func(c *cli.Context) error {
			cfg, err := loadConfig(c)
			if err != nil {
				return err
			}
			faults, anyReady := 0, false
			for _, s := range backend.Diagnose(c.Context, cfg.Backends) {
				anyReady = anyReady || s.Ready
				if _, named := cfg.Backends[s.Backend]; named && !s.Ready {
					faults++
				}
				fmt.Fprintln(c.App.Writer, diagnosis(s))
			}
			switch {
			case c.Context.Err() != nil:
				return c.Context.Err()
			case faults > 0:
				return fmt.Errorf("%s of the configuration %s not ready", count(faults, "backend"), are(faults))
			case !anyReady:
				return fmt.Errorf("no backend is ready")
			}
			return nil
		}}
}

// diagnosis is what there is to say of a backend, with what to do on a line
// of its own.
func diagnosis(s backend.Status) string {
	name := s.Backend
	if s.Model != "" {
		name += " (" + s.Model + ")"
	}
	switch {
	case s.Ready && s.Detail != "":
		return fmt.Sprintf("ready      %s: %s", name, s.Detail)
	case s.Ready:
		return "ready      " + name
	case !s.Configured:
		return fmt.Sprintf("not set up %s: %s\n           %s", name, s.Message, s.Remedy)
	}
	return fmt.Sprintf("not ready  %s: %s\n           %s", name, s.Message, s.Remedy)
}

func are(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}
