package backend

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"golang.org/x/text/language"

	"depeche/translate"
)

// BenchmarkThroughput sends 1,000 dispatches of five sentences through all
// wrappers to a service that takes 100 ms for a request, 16 at once. %ideal
// compares with the time of 1,000 such requests on 16 lanes and nothing else.
func BenchmarkThroughput(b *testing.B) {
	const dispatches, lanes, latency = 1000, 16, 100 * time.Millisecond
	for _, s := range subjects() {
		if s.single {
			continue // five requests for a dispatch
		}
		b.Run(s.name, func(b *testing.B) {
			for b.Loop() {
				service := newService(func(int, []string) string { return "" })
				service.latency = latency
				backend := s.open(b, service)
				p := DefaultPolicy(Entry{}, Config{Concurrency: lanes})
				w := Wrap(backend, p)
				begin := time.Now()
				var wg sync.WaitGroup
				next := make(chan int)
				for range lanes {
					wg.Go(func() {
						for d := range next {
							req := translate.Request{From: language.French, To: language.English}
							for i := range 5 {
								req.Items = append(req.Items, translate.Item{ID: fmt.Sprint(i), Text: fmt.Sprintf("La phrase %d de la dépêche %d est traduite.", i, d)})
							}
							if got, err := w.Translate(b.Context(), req); err != nil || len(got) != 5 || got[4].Text != english(req.Items[4].Text) {
								b.Error(got, err)
							}
						}
					})
				}
				for d := range dispatches {
					next <- d
				}
				close(next)
				wg.Wait()
				took := time.Since(begin)
				ideal := time.Duration((dispatches+lanes-1)/lanes) * latency
				b.ReportMetric(100*ideal.Seconds()/took.Seconds(), "%ideal")
				b.ReportMetric(dispatches/took.Seconds(), "dispatches/s")
				Close(w)
			}
		})
	}
}

// BenchmarkApertium is the speed of the local pipeline.
func BenchmarkApertium(b *testing.B) {
	a := needApertium(b)
	req := translate.Request{From: language.French, To: language.English}
	for i := range 32 {
		req.Items = append(req.Items, translate.Item{Text: fmt.Sprintf("Le président russe s'est entretenu pendant une heure et demie lundi soir avec son homologue américain, a déclaré le ministre %d.", i)})
	}
	b.ResetTimer()
	for b.Loop() {
		if _, err := a.Translate(b.Context(), req); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(32*b.N)/b.Elapsed().Seconds(), "segments/s")
}
