package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func receiverHandler(t *testing.T) http.Handler {
	t.Helper()
	mux := shopOf(t, "1.4.2").probesHandler()
	new(receiver).routes(mux)
	return mux
}

func post(handler http.Handler, path, body string) int {
	answer := httptest.NewRecorder()
	request := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	request.Header.Set("Authorization", "Bearer secret")
	request.Header.Set("X-Mainstay-Signature-256", "sha256=ab")
	handler.ServeHTTP(answer, request)
	return answer.Code
}

func TestReceiverListsWhatItTook(t *testing.T) {
	handler := receiverHandler(t)
	if listed := get(t, handler, "/messages").Body.String(); listed != "[]\n" {
		t.Errorf("a new one lists %s", listed)
	}
	if code := post(handler, "/hook", `{"status":"firing"}`); code != http.StatusOK {
		t.Errorf("answered %d", code)
	}
	post(handler, "/", "no JSON")
	listed := get(t, handler, "/messages").Body.Bytes()
	var messages []message
	if err := json.Unmarshal(listed, &messages); err != nil {
		t.Fatalf("%v in %s", err, listed)
	}
	if len(messages) != 2 || messages[0].Path != "/hook" || string(messages[0].Body) != `{"status":"firing"}` ||
		messages[1].Number != 2 || string(messages[1].Body) != `"no JSON"` ||
		messages[0].Headers["X-Mainstay-Signature-256"] != "sha256=ab" {
		t.Errorf("listed %s", listed)
	}
	if bytes.Contains(listed, []byte("secret")) {
		t.Errorf("a password is listed: %s", listed)
	}
	if code := get(t, handler, "/ready").Code; code != http.StatusOK {
		t.Errorf("/ready answered %d", code)
	}
}

func TestReceiverKeepsTheNewestAndRefusesWhatIsTooLarge(t *testing.T) {
	handler := receiverHandler(t)
	for range mostMessages + 1 {
		post(handler, "/", "1")
	}
	if code := post(handler, "/", strings.Repeat("1", largestMessage+1)); code != http.StatusRequestEntityTooLarge {
		t.Errorf("a large one was answered with %d", code)
	}
	var messages []message
	if err := json.Unmarshal(get(t, handler, "/messages").Body.Bytes(), &messages); err != nil {
		t.Fatal(err)
	}
	if len(messages) != mostMessages || messages[0].Number != 2 {
		t.Errorf("%d messages are kept, the first is %d", len(messages), messages[0].Number)
	}
}
