package telegram

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"nevermind/bot"
)

// sentMessage is what the Bot API answers to sendMessage.
const sentMessage = `{"ok":true,"result":{"message_id":7,"date":1,"chat":{"id":11,"type":"private","first_name":"Ana"},` +
	`"from":{"id":700700700,"is_bot":true,"first_name":"Nevermind","username":"nevermind_test_bot"},"text":"hello"}}`

// drained is a transport that reads each request and answers it at once, without a network.
type drained struct{}

func (drained) RoundTrip(r *http.Request) (*http.Response, error) {
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		return nil, err
	}
	body := io.NopCloser(bytes.NewReader([]byte(sentMessage)))
	length := int64(len(sentMessage))
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: body, ContentLength: length, Request: r}, nil
}

// BenchmarkSend makes one call after the other: "alone" is what the adapter itself costs, "loopback" is with net/http on both
// sides.
func BenchmarkSend(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, sentMessage)
	}))
	defer server.Close()
	d := newDelivery("Which order is it about? Touch one, or write its number.")
	d.Reply.Title = "Your orders"
	d.Reply.Choices = []bot.Button{
		{Token: "Yb3k9Qm2T7xLwR", Label: "Lamp, 24.90 USD"}, {Token: "Zc4l0Rn3U8yMxS", Label: "Something else"},
	}
	edit := d
	edit.Reply.Mode, edit.Ref = bot.Edit, "7"
	for name, c := range map[string]struct {
		cfg Config
		d   bot.Delivery
	}{
		"alone":    {Config{Token: "1:x", Client: &http.Client{Transport: drained{}}}, d},
		"loopback": {Config{Token: "1:x", API: server.URL}, d},
		"edit":     {Config{Token: "1:x", Client: &http.Client{Transport: drained{}}}, edit},
	} {
		b.Run(name, func(b *testing.B) {
			a, err := New(c.cfg)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := a.Send(b.Context(), c.d); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
