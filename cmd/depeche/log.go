package main

import (
	"io"
	"log/slog"
)

// logTo sends the log to w: warnings, or with --verbose requests and waits
// too. Keys are never in it. Messages carry no time: standard error is read
// as it comes.
func logTo(w io.Writer, verbose bool) {
	level := slog.LevelWarn
	if verbose {
		level = slog.LevelDebug
	}
	slog.SetDefault(slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level,
		ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
			if len(groups) == 0 && a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		}})))
}
