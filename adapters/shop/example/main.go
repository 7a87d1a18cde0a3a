// Command example is a shop in some hundred lines: it verifies what Nevermind sends it, does each command
// once, and says how it ended. docs/shop.md walks through it.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// webhook is what the example reads of what it is sent.
type webhook struct {
	Type string
	Data struct {
		ID       string // of a case
		State    string
		TaskID   string `json:"task_id"`
		OrderID  string `json:"order_id"`
		Amount   string
		Currency string
		Lines    []string
	}
}

// shop remembers every command it has done, by task id, in a file: asked again, it answers again and pays nobody twice.
type shop struct {
	verifier *standardwebhooks.Webhook
	house    string // Nevermind's address
	key      string
	later    bool // answer 202, and say how it ended a moment after
	file     string
	mu       sync.Mutex
	done     map[string]string // task id to what was done
}

func main() {
	verifier, err := standardwebhooks.NewWebhook(os.Getenv("NEVERMIND_SHOP_WEBHOOK_SECRET"))
	if err != nil || os.Getenv("NEVERMIND_SHOP_WEBHOOK_SECRET") == "" || os.Getenv("NEVERMIND_API_KEY") == "" {
		log.Fatal("set NEVERMIND_SHOP_WEBHOOK_SECRET and NEVERMIND_API_KEY as the server has them")
	}
	s := &shop{
		verifier: verifier,
		house:    "http://" + given("NEVERMIND_LISTEN", "127.0.0.1:8080"),
		key:      os.Getenv("NEVERMIND_API_KEY"),
		later:    len(os.Args) > 1 && os.Args[1] == "--later",
		file:     given("EXAMPLE_FILE", "example-shop.json"),
		done:     map[string]string{},
	}
	if text, err := os.ReadFile(s.file); err == nil && json.Unmarshal(text, &s.done) != nil {
		log.Fatal(s.file, " cannot be read")
	}
	at := given("EXAMPLE_LISTEN", "127.0.0.1:9417")
	http.Handle("POST /hooks", s)
	fmt.Printf("The shop listens on http://%s/hooks\n", at)
	server := http.Server{Addr: at, ReadTimeout: 10 * time.Second}
	log.Fatal(server.ListenAndServe())
}

// ServeHTTP takes one webhook.
func (s *shop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	if err != nil || s.verifier.Verify(body, r.Header) != nil {
		http.Error(w, "not signed with our secret", http.StatusUnauthorized)
		return
	}
	var h webhook
	if err := json.Unmarshal(body, &h); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	switch h.Type {
	case "order.cancel", "refund.pay":
		s.obey(w, &h)
	default: // news: case.opened, case.changed, case.closed
		fmt.Printf("%s %s: %s\n", h.Type, h.Data.ID, h.Data.State)
		w.WriteHeader(http.StatusNoContent)
	}
}

// obey does a command once and says how it ended: at once, or a moment later over the API.
func (s *shop) obey(w http.ResponseWriter, h *webhook) {
	if err := s.once(h); err != nil {
		log.Print(err)
		http.Error(w, "try again", http.StatusInternalServerError) // Nevermind will, under the same task id
		return
	}
	if !s.later {
		fmt.Fprintln(w, `{"outcome":"done"}`)
		return
	}
	w.WriteHeader(http.StatusAccepted)
	time.AfterFunc(time.Second, func() {
		s.call(http.MethodPost, "/v1/tasks/"+h.Data.TaskID, `{"outcome":"done"}`)
	})
}

// once does a command unless it was done before. A real shop does this in one transaction of its database.
func (s *shop) once(h *webhook) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.done[h.Data.TaskID] != "" {
		return nil
	}
	what := fmt.Sprintf("cancelled order %s", h.Data.OrderID)
	if h.Type == "refund.pay" {
		what = fmt.Sprintf("paid back %s %s of order %s", h.Data.Amount, h.Data.Currency, h.Data.OrderID)
	} else if len(h.Data.Lines) > 0 {
		what = fmt.Sprintf("cancelled lines %s of order %s", strings.Join(h.Data.Lines, ", "), h.Data.OrderID)
	}
	s.done[h.Data.TaskID] = what
	text, err := json.MarshalIndent(s.done, "", "  ")
	if err == nil {
		err = os.WriteFile(s.file, text, 0o600)
	}
	if err != nil {
		delete(s.done, h.Data.TaskID)
		return err
	}
	fmt.Printf("%s %s: %s\n", h.Type, h.Data.TaskID, what)
	return nil
}

// call asks Nevermind for something.
func (s *shop) call(method, path, body string) {
	r, err := http.NewRequest(method, s.house+path, bytes.NewReader([]byte(body)))
	if err != nil {
		log.Print(err)
		return
	}
	r.Header.Set("Authorization", "Bearer "+s.key)
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		log.Print(err)
		return
	}
	defer answer.Body.Close()
	fmt.Printf("%s %s: %s\n", method, path, answer.Status)
}

func given(name, otherwise string) string {
	if v := os.Getenv(name); v != "" {
		return v
	}
	return otherwise
}
