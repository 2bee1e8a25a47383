package main

import (
	"encoding/json"
	"io"
	"net/http"
	"sync"
	"time"
)

const (
	mostMessages   = 1000
	largestMessage = mebibyte
)

// message is what was posted. Its body is JSON as it came, or else a text.
type message struct {
	Number  int               `json:"number"`
	At      time.Time         `json:"at"`
	Path    string            `json:"path"`
	Headers map[string]string `json:"headers"`
	Body    json.RawMessage   `json:"body"`
}

// receiver stands in for what takes webhooks: it keeps the newest messages, in memory, and lists them.
type receiver struct {
	mutex    sync.Mutex
	taken    int
	messages []message
}

func (r *receiver) routes(mux *http.ServeMux) {
	mux.HandleFunc("POST /", r.take)
	mux.HandleFunc("GET /messages", r.list)
}

func (r *receiver) take(answer http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(answer, request.Body, largestMessage))
	if err != nil {
		http.Error(answer, err.Error(), http.StatusRequestEntityTooLarge)
		return
	}
	if !json.Valid(body) {
		body, _ = json.Marshal(string(body))
	}
	headers := map[string]string{}
	for name := range request.Header {
		headers[name] = request.Header.Get(name)
	}
	if headers["Authorization"] != "" {
		headers["Authorization"] = "given, and not kept"
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.taken++
	r.messages = append(r.messages, message{r.taken, time.Now().UTC(), request.URL.Path, headers, body})
	r.messages = r.messages[max(0, len(r.messages)-mostMessages):]
}

func (r *receiver) list(answer http.ResponseWriter, _ *http.Request) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	answer.Header().Set("Content-Type", "application/json")
	if len(r.messages) == 0 {
		io.WriteString(answer, "[]\n")
		return
	}
	json.NewEncoder(answer).Encode(r.messages)
}
