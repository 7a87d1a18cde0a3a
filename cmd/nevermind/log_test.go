package main

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

// TestLogTellsNothing hands the log what must not stand in it, under every kind of key.
func TestLogTellsNothing(t *testing.T) {
	var s secret
	if err := s.UnmarshalText([]byte("hunter-2-canary")); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	log := newLog(&out, slog.LevelDebug, []secret{s})
	wrapped := fmt.Errorf(
		"load order %q: %w",
		"8123canary",
		errors.New(`Post "https://api.telegram.org/bot1:canary/sendMessage": dial tcp: refused`),
	)
	log.Error(
		"hunter-2-canary in the message",
		slog.Any("why", wrapped),
		"task",
		"reached:buyer:canary:1",
		"message",
		"telegram:777000canary",
		"name",
		"Ana canary",
		"text",
		"I canary",
		"chat",
		7770001234,
		"adapter",
		"telegram",
		"attempt",
		3,
		"refused",
		"not_yours",
		"order",
		"8123canary",
		"what",
		"callback_query without data (2), hologram (17)",
	)
	log.With("person", "buyer:canary").
		WithGroup("g").
		Info("x", "why", "talk/telegram:canary at ana@canary.example wrote to buyer:canary",
			slog.Group("inner", "token", "canary"), "tasks", []string{"news:canary:1", "12ab34cd"})
	log.Info(
		"x",
		"any",
		struct{ Name string }{"canary"},
		"err",
		errors.New("chat 7770001234 is gone, key hunter-2-canary, order:canary"),
	)
	text := out.String()
	for _, leak := range []string{"canary", "777000", "hunter"} {
		if strings.Contains(text, leak) {
			t.Errorf("the log holds %q:\n%s", leak, text)
		}
	}
	for _, kept := range []string{"load order", "dial tcp: refused", `"adapter":"telegram"`, `"attempt":3`, "12ab34cd",
		`"refused":"not_yours"`,
		`"callback_query without data (2), hologram (17)"`} {
		if !strings.Contains(text, kept) {
			t.Errorf("the log has lost %q:\n%s", kept, text)
		}
	}
}

// TestLogFollows follows one message from where it was received to where its answer was sent.
func TestLogFollows(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s, log := serveOn(t, data, "--api-key", apiKey)
	command(t, order("900001", "b-9"), "import", "-", "--data", data).want(t, exitDone, "1 order kept")
	command(t, "hello\n", "chat", "--as", "b-9", "--data", data).want(t, exitDone, "Hello there")
	s.stop().want(t, exitDone)
	lines := entries(t, log.String())
	message := find(t, lines, "received", nil)["message"]
	turn := find(t, lines, "turn", map[string]any{"cause": message})
	task := turn["tasks"].([]any)[0]
	find(t, lines, "attempt", map[string]any{"what": "send", "task": task, "of": "console", "end": "done"})
}
