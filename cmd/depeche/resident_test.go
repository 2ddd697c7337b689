package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// BenchmarkResident runs over more and more documents: the peak of resident
// memory must not grow with their number. What it reports is the whole of one
// process from its start to its end.
func BenchmarkResident(b *testing.B) {
	for _, n := range []int{200, 2000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for range b.N {
				d := newDesk(b)
				d.dispatches(n)
				cmd := d.command("0", "translate", "in", "-o", "out/", "-f", "xliff")
				var out bytes.Buffer
				cmd.Stdout, cmd.Stderr = &out, &out
				if err := cmd.Start(); err != nil {
					b.Fatal(err)
				}
				done := make(chan error, 1)
				go func() { done <- cmd.Wait() }()
				peak, err := watchPeak(cmd.Process.Pid, done)
				if err != nil {
					b.Fatalf("%v: %s", err, out.Bytes())
				}
				if got := len(d.files("out")); got != n {
					b.Fatalf("%d files", got)
				}
				b.ReportMetric(peak, "MB-peak")
				b.ReportMetric((cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime()).Seconds()*1000/float64(n), "cpu-ms/document")
			}
		})
	}
}

// watchPeak gives the peak of a process's resident memory in MiB when it ends,
// as Linux says it while it runs: what wait4 says counts the memory of the
// process that started it.
func watchPeak(pid int, done <-chan error) (float64, error) {
	peak := 0.0
	for {
		select {
		case err := <-done:
			return peak, err
		case <-time.After(20 * time.Millisecond):
		}
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(status)) {
			if kib, ok := strings.CutPrefix(line, "VmHWM:"); ok {
				n, _ := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(kib), "kB")))
				peak = max(peak, float64(n)/1024)
			}
		}
	}
}
