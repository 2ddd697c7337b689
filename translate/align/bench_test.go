package align

import (
	"bufio"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"
)

// BenchmarkEuroparl aligns days of the European Parliament, as an archive has
// them: a tenth of the sentences is left out on each side, one in twelve is
// split in two or joined with the next. It reports the precision of the links
// between sentences, among all beads and among those that `memory align` saves
// by default, and how many of the true links are found.
func BenchmarkEuroparl(b *testing.B) {
	const days, size = 10, 120
	pairs := europarl(b, days*size)
	random := rand.New(rand.NewPCG(1, 2))
	var right, found, all, sure, sureRight float64
	for range b.N {
		for d := range days {
			source, target, gold := archive(pairs[d*size:(d+1)*size], random)
			all += float64(len(gold))
			for _, bead := range Sentences(source, target, nil) {
				for s := bead.Source; s < bead.Source+bead.Sources; s++ {
					for t := bead.Target; t < bead.Target+bead.Targets; t++ {
						found++
						ok := 0.0
						if gold[[2]int{s, t}] {
							ok = 1
						}
						right += ok
						if bead.Score >= 0.5 {
							sure, sureRight = sure+1, sureRight+ok
						}
					}
				}
			}
		}
	}
	b.ReportMetric(100*right/found, "%precision")
	b.ReportMetric(100*right/all, "%recall")
	b.ReportMetric(100*sureRight/sure, "%precision-saved")
	b.ReportMetric(100*sureRight/all, "%recall-saved")
	b.ReportMetric(0, "ns/op")
}

// archive makes of pairs two documents that do not match in all sentences, and
// the links between their sentences.
func archive(pairs [][2]string, random *rand.Rand) (source, target []string, gold map[[2]int]bool) {
	gold = make(map[[2]int]bool)
	for _, p := range pairs {
		switch n := random.IntN(240); {
		case n < 24: // left out here
			target = append(target, p[1])
		case n < 48: // and there
			source = append(source, p[0])
		case n < 58 && strings.Contains(p[1], ", "): // two sentences in the translation
			left, right, _ := strings.Cut(p[1], ", ")
			source, target = append(source, p[0]), append(target, left+".", right)
			gold[[2]int{len(source) - 1, len(target) - 2}] = true
			gold[[2]int{len(source) - 1, len(target) - 1}] = true
		case n < 68 && len(target) > 0 && gold[[2]int{len(source) - 1, len(target) - 1}]: // one
			source = append(source, p[0])
			target[len(target)-1] += " " + p[1]
			gold[[2]int{len(source) - 1, len(target) - 1}] = true
		default:
			source, target = append(source, p[0]), append(target, p[1])
			gold[[2]int{len(source) - 1, len(target) - 1}] = true
		}
	}
	return source, target, gold
}

// europarl gives pairs in the order in which they were spoken.
func europarl(b *testing.B, n int) [][2]string {
	b.Helper()
	cmd := exec.Command("xz", "-dc", "../../../shared/bitext/europarl-02.tsv.xz")
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Skip(err)
	}
	var pairs [][2]string
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for skip := 50_000; len(pairs) < n && lines.Scan(); skip-- {
		if fr, en, _ := strings.Cut(lines.Text(), "\t"); skip <= 0 {
			pairs = append(pairs, [2]string{fr, en})
		}
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	if len(pairs) < n {
		b.Skip("../shared/bitext is not there")
	}
	return pairs
}
