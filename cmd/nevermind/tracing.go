package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"sync"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	oteltrace "go.opentelemetry.io/otel/trace"
)

// What leads from one step to the next is in the log already: a message is received, causes turns, which ask for tasks, whose
// attempts cause turns elsewhere. Tracing makes spans of those very lines (spanHandler), so the engine knows nothing of it, and
// where it is off it costs nothing.

// tracingWanted says whether OpenTelemetry's own variables ask for traces.
func tracingWanted() bool {
	if os.Getenv("OTEL_SDK_DISABLED") == "true" || os.Getenv("OTEL_TRACES_EXPORTER") == "none" {
		return false
	}
	return os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT") != "" || os.Getenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") != "" ||
		os.Getenv("OTEL_TRACES_EXPORTER") == "otlp"
}

// trace turns tracing on where it is wanted; stop sends what is left. Where spans cannot be delivered the log says so, and
// nothing else suffers.
func (p *program) trace(ctx context.Context) (stop func() error, err error) {
	if !tracingWanted() {
		return func() error { return nil }, nil
	}
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return nil, usageError{errors.New("OTEL_EXPORTER_OTLP_…: traces cannot be sent there: " + err.Error())}
	}
	described, err := resource.New(ctx, resource.WithAttributes(attribute.String("service.name", "nevermind"),
		attribute.String("service.version", versionName())), resource.WithFromEnv(), resource.WithTelemetrySDK())
	if err != nil {
		return nil, usageError{errors.New("OTEL_RESOURCE_ATTRIBUTES: cannot be read")}
	}
	quiet := p.log
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { quiet.Warn("traces cannot be sent", slog.Any("why", err)) }))
	provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter), sdktrace.WithResource(described))
	steps := &steps{tracer: provider.Tracer("nevermind"), by: map[string]*step{}}
	p.log = slog.New(spanHandler{Handler: p.log.Handler(), steps: steps})
	return func() error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
		defer cancel()
		steps.end()
		if err := provider.Shutdown(ctx); err != nil {
			quiet.Warn("the last traces cannot be sent", slog.Any("why", err))
		}
		return nil
	}, nil
}

// spanHandler makes spans of the lines that tell of steps, and passes on what the log is to hold.
type spanHandler struct {
	slog.Handler
	steps *steps
}

// Enabled lets debug lines through to Handle, whatever the log is to hold.
func (spanHandler) Enabled(context.Context, slog.Level) bool { return true }

// Handle makes a span of a step's line.
func (h spanHandler) Handle(ctx context.Context, r slog.Record) error {
	if r.Level == slog.LevelDebug {
		h.steps.tell(r)
	}
	if !h.Handler.Enabled(ctx, r.Level) {
		return nil
	}
	return h.Handler.Handle(ctx, r)
}

// WithAttrs keeps making spans.
func (h spanHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return spanHandler{h.Handler.WithAttrs(attrs), h.steps}
}

// WithGroup keeps making spans.
func (h spanHandler) WithGroup(name string) slog.Handler {
	return spanHandler{h.Handler.WithGroup(name), h.steps}
}

// mostSteps is how many steps are remembered for what they may still cause; an older one begins a trace anew.
const mostSteps = 10_000

// steps remembers the span of each message and task by the trace that names it in the log. It is safe for concurrent use.
type steps struct {
	tracer oteltrace.Tracer

	mu    sync.Mutex
	by    map[string]*step
	order []string // the oldest first
}

// step is a message that was received, or a task that was asked for.
type step struct {
	span oteltrace.SpanContext // what a later step hangs below
	open oteltrace.Span        // a message whose turn is not made yet; nil is none
}

// tell makes a span of a line: its name, its times and its words are in the line.
func (s *steps) tell(r slog.Record) {
	if r.Message != "received" && r.Message != "turn" && r.Message != "attempt" {
		return
	}
	line := map[string]slog.Value{}
	r.Attrs(func(a slog.Attr) bool { line[a.Key] = a.Value; return true })
	s.mu.Lock()
	defer s.mu.Unlock()
	switch r.Message {
	case "received":
		_, span := s.tracer.Start(context.Background(), "receive", oteltrace.WithTimestamp(r.Time),
			oteltrace.WithSpanKind(oteltrace.SpanKindConsumer), oteltrace.WithAttributes(spanWords(line, "adapter", "message")...))
		s.keep(line["message"].String(), &step{span: span.SpanContext(), open: span})
	case "turn":
		made := s.span(r, line, line["cause"].String(), "turn "+line["flow"].String(), "flow", "event", "kind", "from", "to", "refused")
		if tasks, ok := line["tasks"].Any().([]string); ok {
			for _, id := range tasks {
				s.keep(id, &step{span: made})
			}
		}
	case "attempt":
		id := line["task"].String()
		s.keep(id, &step{span: s.span(r, line, id, line["what"].String()+" "+line["of"].String(), "of", "end", "attempt", "task")})
	}
}

// span makes a span that ends now, below the one of its cause.
func (s *steps) span(r slog.Record, line map[string]slog.Value, cause, name string, said ...string) oteltrace.SpanContext {
	ctx := context.Background()
	if by := s.by[cause]; by != nil {
		ctx = oteltrace.ContextWithSpanContext(ctx, by.span)
		if by.open != nil {
			by.open.End(oteltrace.WithTimestamp(r.Time))
			by.open = nil
		}
	}
	var took time.Duration
	if v, ok := line["took"]; ok {
		took = v.Duration()
	}
	_, span := s.tracer.Start(ctx, name, oteltrace.WithTimestamp(r.Time.Add(-took)),
		oteltrace.WithAttributes(spanWords(line, said...)...))
	span.End(oteltrace.WithTimestamp(r.Time))
	return span.SpanContext()
}

// spanWords are those of a line that go out with its span; like all that is logged they name nobody.
func spanWords(line map[string]slog.Value, keys ...string) (all []attribute.KeyValue) {
	for _, key := range keys {
		if v, ok := line[key]; ok && v.String() != "" {
			all = append(all, attribute.String("nevermind."+key, v.String()))
		}
	}
	return all
}

// keep remembers a step, and forgets the oldest where there are too many.
func (s *steps) keep(id string, kept *step) {
	switch before := s.by[id]; {
	case before == nil:
		s.order = append(s.order, id)
	case before.open != nil:
		before.open.End() // it has come once more
	}
	s.by[id] = kept
	for len(s.order) > mostSteps {
		if old := s.by[s.order[0]]; old.open != nil {
			old.open.End()
		}
		delete(s.by, s.order[0])
		s.order = s.order[1:]
	}
}

// end ends what is still open.
func (s *steps) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.by {
		if one.open != nil {
			one.open.End()
			one.open = nil
		}
	}
}
