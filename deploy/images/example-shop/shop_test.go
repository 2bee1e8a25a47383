package main

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

func get(t *testing.T, handler http.Handler, path string) *httptest.ResponseRecorder {
	t.Helper()
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, path, nil))
	return answer
}

func shopOf(t *testing.T, version string) *shop {
	t.Helper()
	behaviour, err := behaviourOf(version)
	if err != nil {
		t.Fatal(err)
	}
	return newShop(version, "Shop", behaviour)
}

func codes(t *testing.T, handler http.Handler, path string, times int) []int {
	t.Helper()
	found := make([]int, times)
	for i := range found {
		found[i] = get(t, handler, path).Code
	}
	return found
}

func TestEachVersionHasAnImage(t *testing.T) {
	table, err := os.ReadFile("../lib/context.sh")
	if err != nil {
		t.Fatal(err)
	}
	var tags []string
	for _, line := range regexp.MustCompile(`(?m)^example-shop-\S+ \S+/example-shop:(\S+)$`).FindAllStringSubmatch(string(table), -1) {
		tags = append(tags, line[1])
	}
	slices.Sort(tags)
	if known := slices.Sorted(maps.Keys(versions)); !slices.Equal(tags, known) {
		t.Errorf("the images are %v and the versions %v", tags, known)
	}
}

func TestUnknownVersionIsRefusedWithTheKnownOnes(t *testing.T) {
	_, err := behaviourOf("2.0.0")
	if err == nil || !strings.Contains(err.Error(), `"2.0.0"`) || !strings.Contains(err.Error(), "1.4.1, 1.4.2, 1.5.0-bad") {
		t.Errorf("error: %v", err)
	}
}

func TestPageShowsTitleAndVersion(t *testing.T) {
	answer := get(t, newShop("1.4.2", "Cups & Co", behaviour{}).webHandler(), "/")
	for _, part := range []string{"<h1>Cups &amp; Co</h1>", "<p>Version 1.4.2</p>"} {
		if !strings.Contains(answer.Body.String(), part) {
			t.Errorf("%q is not in %s", part, answer.Body)
		}
	}
}

func TestHealthTellsStatusAndVersion(t *testing.T) {
	answer := get(t, shopOf(t, "1.4.1").webHandler(), "/api/health")
	var told map[string]string
	if err := json.Unmarshal(answer.Body.Bytes(), &told); err != nil {
		t.Fatal(err)
	}
	if want := map[string]string{"status": "ok", "version": "1.4.1"}; !maps.Equal(told, want) {
		t.Errorf("health told %v", told)
	}
}

func TestBadVersionFailsTwoOfFiveAndIsReady(t *testing.T) {
	handler := shopOf(t, "1.5.0-bad").webHandler()
	want := []int{200, 200, 503, 200, 503, 200, 200, 503, 200, 503}
	for _, path := range []string{"/", "/api/health"} {
		if found := codes(t, handler, path, 10); !slices.Equal(found, want) {
			t.Errorf("%s answered %v", path, found)
		}
	}
	if found := codes(t, handler, "/ready", 5); !slices.Equal(found, []int{200, 200, 200, 200, 200}) {
		t.Errorf("/ready answered %v", found)
	}
}

func TestGoodVersionsNeverFail(t *testing.T) {
	for _, version := range []string{"1.4.1", "1.4.2"} {
		if slices.Contains(codes(t, shopOf(t, version).webHandler(), "/", 20), http.StatusServiceUnavailable) {
			t.Errorf("version %s failed", version)
		}
	}
}

func TestSlowVersionIsSlowForPagesOnly(t *testing.T) {
	handler := newShop("1.5.2-slow", "Shop", behaviour{delay: 100 * time.Millisecond}).webHandler()
	for path, slow := range map[string]bool{"/": true, "/api/health": false, "/ready": false} {
		started := time.Now()
		get(t, handler, path)
		if took := time.Since(started); took >= 100*time.Millisecond != slow {
			t.Errorf("%s took %v", path, took)
		}
	}
	if versions["1.5.2-slow"].delay != 2*time.Second {
		t.Errorf("the slow version waits %v", versions["1.5.2-slow"].delay)
	}
}

func TestCrashingVersionEndsWithItsReason(t *testing.T) {
	t.Setenv("SHOP_VERSION", "1.5.1-crash")
	if err := run(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "discounts") {
		t.Errorf("error: %v", err)
	}
}

func TestWhatIsAskedWronglyIsTold(t *testing.T) {
	t.Setenv("SHOP_VERSION", "1.4.2")
	if err := run(t.Context(), []string{"cashier"}); err == nil || !strings.Contains(err.Error(), `no mode "cashier"`) {
		t.Errorf("error: %v", err)
	}
	if err := run(t.Context(), []string{"worker"}); err == nil || !strings.Contains(err.Error(), "SHOP_URL is not set") {
		t.Errorf("error: %v", err)
	}
}

func TestMetricsCountWhatCustomersAsk(t *testing.T) {
	shop := shopOf(t, "1.5.0-bad")
	handler := shop.webHandler()
	codes(t, handler, "/", 5)
	codes(t, handler, "/ready", 7)
	get(t, handler, "/cart")
	shop.metrics.request(http.StatusOK, 2*time.Second)
	told := get(t, handler, "/metrics").Body.String()
	for _, line := range []string{
		`shop_build_info{version="1.5.0-bad"} 1`,
		`# TYPE shop_http_requests_total counter`,
		`shop_http_requests_total{version="1.5.0-bad",code="200"} 4`,
		`shop_http_requests_total{version="1.5.0-bad",code="404"} 1`,
		`shop_http_requests_total{version="1.5.0-bad",code="503"} 2`,
		`# TYPE shop_http_request_duration_seconds histogram`,
		`shop_http_request_duration_seconds_bucket{version="1.5.0-bad",le="1"} 6`,
		`shop_http_request_duration_seconds_bucket{version="1.5.0-bad",le="2.5"} 7`,
		`shop_http_request_duration_seconds_bucket{version="1.5.0-bad",le="+Inf"} 7`,
		`shop_http_request_duration_seconds_count{version="1.5.0-bad"} 7`,
		`shop_orders_total{version="1.5.0-bad",result="picked"} 0`,
	} {
		if !strings.Contains(told, line+"\n") {
			t.Errorf("%q is not in\n%s", line, told)
		}
	}
}

func TestFailuresAreZeroBeforeTheFirst(t *testing.T) {
	told := get(t, shopOf(t, "1.4.2").webHandler(), "/metrics").Body.String()
	if !strings.Contains(told, `shop_http_requests_total{version="1.4.2",code="503"} 0`) {
		t.Errorf("no zero in\n%s", told)
	}
}

func TestWorkerCountsWhatBecameOfItsOrders(t *testing.T) {
	server := httptest.NewServer(shopOf(t, "1.5.0-bad").webHandler())
	defer server.Close()
	worker := newWorker(server.URL+"/", newMetrics("1.5.0-bad"))
	for range 5 {
		worker.pickAndTell()
	}
	if want := map[string]int64{orderPicked: 3, orderFailed: 2}; !maps.Equal(worker.metrics.orders, want) {
		t.Errorf("orders: %v", worker.metrics.orders)
	}
}

func TestEndingShopAnswersWhatItWasAsked(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	shop := newShop("1.4.2", "Shop", behaviour{delay: stillServing + 200*time.Millisecond})
	ctx, end := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, listener, shop.webHandler(), shop) }()
	url := "http://" + listener.Addr().String()
	go func() {
		for codeOf(url+"/ready") != http.StatusOK {
			time.Sleep(time.Millisecond)
		}
		end()
	}()
	answer, err := http.Get(url + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if page, err := io.ReadAll(answer.Body); err != nil || answer.StatusCode != http.StatusOK {
		t.Errorf("answered %s %s, %v", answer.Status, page, err)
	}
	if err := <-ended; err != nil {
		t.Errorf("ended with %v", err)
	}
	if found := get(t, shop.webHandler(), "/ready").Code; found != http.StatusServiceUnavailable {
		t.Errorf("/ready answered %d at the end", found)
	}
}

func codeOf(url string) int {
	answer, err := http.Get(url)
	if err != nil {
		return 0
	}
	answer.Body.Close()
	return answer.StatusCode
}
