package main

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"
	"time"
)

// upper is a backend for `exec`: it answers each text in capitals. With
// words in the text it misbehaves: PANNE is an error for that item, VIDE an
// empty answer, LENT takes its time, MORT ends the process.
func upper() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<20)
	out := json.NewEncoder(os.Stdout)
	for in.Scan() {
		var req struct{ ID, Text string }
		if err := json.Unmarshal(in.Bytes(), &req); err != nil {
			os.Exit(1)
		}
		answer := map[string]string{"id": req.ID, "text": strings.ToUpper(req.Text)}
		switch {
		case strings.Contains(req.Text, "PANNE"):
			answer = map[string]string{"id": req.ID, "error": "no words for this"}
		case strings.Contains(req.Text, "FAUX"):
			answer["text"] = strings.ReplaceAll(answer["text"], "1", "7")
		case strings.Contains(req.Text, "VIDE"):
			answer["text"] = ""
		case strings.Contains(req.Text, "LENT"):
			time.Sleep(20 * time.Second)
		case strings.Contains(req.Text, "MORT"):
			os.Exit(1)
		}
		if err := out.Encode(answer); err != nil {
			os.Exit(1)
		}
	}
}
