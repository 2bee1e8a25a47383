package main

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"
)

var bounds = []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}

// metrics are written in Prometheus' text format.
type metrics struct {
	version string
	mutex   sync.Mutex
	// requests by the code of their answer.
	requests map[int]int64
	// within has, for each bound, how many requests took no longer.
	within  []int64
	seconds float64
	// orders by what became of them.
	orders map[string]int64
}

// The series that matter exist from the start: a rate needs the zero before the first failure.
func newMetrics(version string) *metrics {
	return &metrics{
		version:  version,
		requests: map[int]int64{http.StatusOK: 0, http.StatusServiceUnavailable: 0},
		within:   make([]int64, len(bounds)),
		orders:   map[string]int64{orderPicked: 0, orderFailed: 0},
	}
}

func (m *metrics) request(code int, took time.Duration) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.requests[code]++
	m.seconds += took.Seconds()
	for i, bound := range bounds {
		if took.Seconds() <= bound {
			m.within[i]++
		}
	}
}

func (m *metrics) order(result string) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.orders[result]++
}

func (m *metrics) write(to io.Writer) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	writeHead(to, "shop_build_info", "gauge", "The version that runs, as a label.")
	fmt.Fprintf(to, "shop_build_info{version=%q} 1\n", m.version)
	writeHead(to, "shop_http_requests_total", "counter", "Answers to customers by their code.")
	total := int64(0)
	for _, code := range slices.Sorted(maps.Keys(m.requests)) {
		total += m.requests[code]
		fmt.Fprintf(to, "shop_http_requests_total{version=%q,code=\"%d\"} %d\n", m.version, code, m.requests[code])
	}
	m.writeDurations(to, total)
	writeHead(to, "shop_orders_total", "counter", "Orders that the worker asked for, by what became of them.")
	for _, result := range slices.Sorted(maps.Keys(m.orders)) {
		fmt.Fprintf(to, "shop_orders_total{version=%q,result=%q} %d\n", m.version, result, m.orders[result])
	}
}

func (m *metrics) writeDurations(to io.Writer, total int64) {
	const name = "shop_http_request_duration_seconds"
	writeHead(to, name, "histogram", "How long answers to customers took.")
	for i, bound := range bounds {
		fmt.Fprintf(to, "%s_bucket{version=%q,le=\"%g\"} %d\n", name, m.version, bound, m.within[i])
	}
	fmt.Fprintf(to, "%s_bucket{version=%q,le=\"+Inf\"} %d\n", name, m.version, total)
	fmt.Fprintf(to, "%s_sum{version=%q} %g\n", name, m.version, m.seconds)
	fmt.Fprintf(to, "%s_count{version=%q} %d\n", name, m.version, total)
}

func writeHead(to io.Writer, name, kind, help string) {
	fmt.Fprintf(to, "# HELP %[1]s %[2]s\n# TYPE %[1]s %[3]s\n", name, help, kind)
}

// codeRecorder remembers the code of the answer that passes through it.
type codeRecorder struct {
	http.ResponseWriter
	code int
}

func (r *codeRecorder) WriteHeader(code int) {
	r.code = code
	r.ResponseWriter.WriteHeader(code)
}

func (m *metrics) observe(handler http.Handler) http.Handler {
	return http.HandlerFunc(func(answer http.ResponseWriter, request *http.Request) {
		recorder := &codeRecorder{ResponseWriter: answer, code: http.StatusOK}
		started := time.Now()
		handler.ServeHTTP(recorder, request)
		m.request(recorder.code, time.Since(started))
	})
}
