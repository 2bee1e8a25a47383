package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"time"
)

const (
	orderPicked = "picked"
	orderFailed = "failed"

	betweenOrders = 500 * time.Millisecond
	orderTimeout  = 5 * time.Second
)

// worker pretends to pick orders: its work is to ask the web server, which gives that something to answer.
type worker struct {
	url     string
	client  *http.Client
	metrics *metrics
}

// A connection for each order, so that the orders spread over the Pods and follow a rollout.
func newWorker(url string, metrics *metrics) *worker {
	return &worker{
		url:     url,
		client:  &http.Client{Timeout: orderTimeout, Transport: &http.Transport{DisableKeepAlives: true}},
		metrics: metrics,
	}
}

// work does not wait for an answer before it asks again, so that a slow shop has as many customers as a fast one.
func (w *worker) work(ctx context.Context) {
	ticker := time.NewTicker(betweenOrders)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			go w.pickAndTell()
		}
	}
}

func (w *worker) pickAndTell() {
	if err := w.pick(); err != nil {
		w.metrics.order(orderFailed)
		log.Printf("an order was not picked: %v", err)
		return
	}
	w.metrics.order(orderPicked)
}

func (w *worker) pick() error {
	answer, err := w.client.Get(w.url)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %s", w.url, answer.Status)
	}
	return nil
}
