package main

import (
	"fmt"
	"syscall"
	"testing"
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
				if out, err := cmd.CombinedOutput(); err != nil {
					b.Fatalf("%v: %s", err, out)
				}
				if got := len(d.files("out")); got != n {
					b.Fatalf("%d files", got)
				}
				usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
				if !ok {
					b.Skip("this system does not say what a process used")
				}
				b.ReportMetric(float64(usage.Maxrss)/1024, "MB-peak") // Linux counts in KiB
				b.ReportMetric((cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime()).Seconds()*1000/float64(n), "cpu-ms/document")
			}
		})
	}
}
