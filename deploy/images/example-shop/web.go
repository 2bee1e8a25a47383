package main

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"sync/atomic"
	"time"
)

// shop answers requests as its version does.
type shop struct {
	version string
	title   string
	delay   time.Duration
	pages   sequence
	checks  sequence
	metrics *metrics
	faults  *faults
	ending  atomic.Bool
}

func newShop(version, title string, behaviour behaviour) *shop {
	return &shop{
		version: version,
		title:   title,
		delay:   behaviour.delay,
		pages:   sequence{failingOfFive: behaviour.failingOfFive},
		checks:  sequence{failingOfFive: behaviour.failingOfFive},
		metrics: newMetrics(version),
		faults:  newFaults(""),
	}
}

// webHandler counts what customers ask for, and not what probes and Prometheus do, which always succeeds.
func (s *shop) webHandler() http.Handler {
	counted := http.NewServeMux()
	counted.HandleFunc("GET /{$}", s.page)
	counted.HandleFunc("GET /api/health", s.health)
	all := s.probesHandler()
	all.Handle("/", s.faults.health(s.metrics.observe(counted)))
	return all
}

func (s *shop) probesHandler() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /ready", s.ready)
	mux.HandleFunc("GET /metrics", func(answer http.ResponseWriter, _ *http.Request) {
		answer.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		s.metrics.write(answer)
	})
	return mux
}

func (s *shop) page(answer http.ResponseWriter, request *http.Request) {
	select {
	case <-time.After(s.faults.delayed(s.delay)):
	case <-request.Context().Done():
		return
	}
	text := "Version " + s.version
	answer.Header().Set("Content-Type", "text/html; charset=utf-8")
	if s.pages.nextFails() {
		text += " could not answer"
		answer.WriteHeader(http.StatusServiceUnavailable)
	}
	fmt.Fprintf(answer, `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>%[1]s</title>
<h1>%[1]s</h1>
<p>%[2]s</p>
</html>
`, html.EscapeString(s.title), text)
}

func (s *shop) health(answer http.ResponseWriter, _ *http.Request) {
	status, code := "ok", http.StatusOK
	if s.checks.nextFails() {
		status, code = "failing", http.StatusServiceUnavailable
	}
	answer.Header().Set("Content-Type", "application/json")
	answer.WriteHeader(code)
	json.NewEncoder(answer).Encode(struct {
		Status  string `json:"status"`
		Version string `json:"version"`
	}{status, s.version})
}

func (s *shop) ready(answer http.ResponseWriter, _ *http.Request) {
	if s.ending.Load() {
		http.Error(answer, "ending", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(answer, "ready")
}
