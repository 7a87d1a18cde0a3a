package main

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	spans "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"nevermind/adapters/telegram/telegramtest"
)

// tracesReceiver takes spans as an OpenTelemetry collector does.
type tracesReceiver struct {
	*httptest.Server
	mu  sync.Mutex
	all map[string]*spans.Span // by id
	raw strings.Builder
}

func receiveTraces(t *testing.T) *tracesReceiver {
	c := &tracesReceiver{all: map[string]*spans.Span{}}
	c.Server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var body io.Reader = r.Body
		if r.Header.Get("Content-Encoding") == "gzip" {
			body, _ = gzip.NewReader(r.Body)
		}
		raw, err := io.ReadAll(body)
		var sent collector.ExportTraceServiceRequest
		if err != nil || proto.Unmarshal(raw, &sent) != nil || r.URL.Path != "/v1/traces" {
			t.Errorf("%s: not spans (%v)", r.URL.Path, err)
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.raw.Write(raw)
		for _, of := range sent.ResourceSpans {
			for _, scope := range of.ScopeSpans {
				for _, s := range scope.Spans {
					c.all[string(s.SpanId)] = s
				}
			}
		}
	}))
	t.Cleanup(c.Close)
	return c
}

// TestTracing: from an update to the reply it is one trace, whose spans hang together, and no span names a person.
func TestTracing(t *testing.T) {
	plain(t)
	c := receiveTraces(t)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", c.URL)
	fake := telegramtest.Open(t)
	h, s := serveTelegram(t, fake, t.TempDir(), pollMode)
	h.Cancelled("8123456789012345")
	s.stop().want(t, exitDone)
	c.mu.Lock()
	defer c.mu.Unlock()
	replied := 0
	for _, span := range c.all {
		if span.Name != "send telegram" {
			continue
		}
		path := span.Name
		for at := span; len(at.ParentSpanId) > 0; {
			above := c.all[string(at.ParentSpanId)]
			if above == nil || string(above.TraceId) != string(span.TraceId) {
				t.Fatalf("%s hangs below nothing", path)
			}
			if above.StartTimeUnixNano > at.StartTimeUnixNano || above.EndTimeUnixNano < above.StartTimeUnixNano {
				t.Errorf("%s begins before what it came of, %s", path, above.Name)
			}
			at, path = above, above.Name+" → "+path
		}
		if strings.HasPrefix(path, "receive → turn ") {
			replied++
		}
	}
	if replied < 5 {
		t.Errorf("%d replies hang below the update they came of, want 5 at least, of %d spans", replied, len(c.all))
	}
	for _, about := range []string{"8123456789012345", "Ana", "Lumen", "b-1", fake.Token} {
		if strings.Contains(c.raw.String(), about) {
			t.Errorf("a span says %q", about)
		}
	}
}

// TestTracingOff: nothing is sent where it is switched off.
func TestTracingOff(t *testing.T) {
	plain(t)
	c := receiveTraces(t)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", c.URL)
	t.Setenv("OTEL_SDK_DISABLED", "true")
	fake := telegramtest.Open(t)
	h, s := serveTelegram(t, fake, t.TempDir(), pollMode)
	h.Cancelled("8123456789012345")
	s.stop().want(t, exitDone)
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.all) > 0 {
		t.Errorf("%d spans are sent though they are switched off", len(c.all))
	}
}
