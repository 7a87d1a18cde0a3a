package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"nevermind/adapters/telegram/telegramtest"
)

// TestAssistantInspector plays a cancellation to the press with the protocol's own inspector, from npm, over the bridge. It is
// run where NEVERMIND_INSPECTOR names the inspector's CLI (make inspector).
func TestAssistantInspector(t *testing.T) {
	cli := os.Getenv("NEVERMIND_INSPECTOR")
	if cli == "" {
		t.Skip("NEVERMIND_INSPECTOR does not name the MCP Inspector's CLI: make inspector installs and runs it")
	}
	h, _, ana, lumen := withAssistants(t, t.TempDir())
	binary := filepath.Join(t.TempDir(), "nevermind")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v %s", err, out)
	}
	h.Order("LAMP-1", "b-1", "s-1", "Bamboo lamp") // the inspector makes a number of what looks like one
	i := &inspector{t: t, cli: cli, config: filepath.Join(t.TempDir(), "mcp.json")}
	i.connect(h, ana, binary)
	for _, words := range []string{"propose_request", `"readOnlyHint": true`} {
		if got := i.asks("tools/list"); !strings.Contains(got, words) {
			t.Errorf("tools/list does not say %q: %s", words, got)
		}
	}
	if got := i.asks("tools/call", "--tool-name", "list_orders"); !strings.Contains(got, "Bamboo lamp") {
		t.Errorf("list_orders: %s", got)
	}
	got := i.asks("tools/call", "--tool-name", "propose_request", "--tool-arg", "order=LAMP-1", "reason=not_needed")
	if !strings.Contains(got, "waiting for the buyer's press") {
		t.Errorf("propose_request: %s", got)
	}
	h.Press(ana, "Yes, ask the seller")
	h.Await(lumen, "would like to cancel")
}

// inspector is the inspector's CLI with a server of its configuration.
type inspector struct {
	t           *testing.T
	cli, config string
}

// connect gives the bridge its token, and tells the inspector of the bridge.
func (i *inspector) connect(h *telegramtest.House, chat *telegramtest.Chat, binary string) {
	i.t.Helper()
	_, token := assistantOf(h, chat)
	file := filepath.Join(i.t.TempDir(), "token")
	if err := keepToken(file, token); err != nil {
		i.t.Fatal(err)
	}
	text := fmt.Sprintf(`{"mcpServers":{"orders":{"command":%q,"args":["mcp","--server",%q,"--token-file",%q]}}}`,
		binary, h.URL, file)
	if err := os.WriteFile(i.config, []byte(text), 0o600); err != nil {
		i.t.Fatal(err)
	}
}

// asks has the inspector call a method, and returns what it prints.
func (i *inspector) asks(method string, more ...string) string {
	i.t.Helper()
	args := append([]string{i.cli, "--cli", "--config", i.config, "--server", "orders", "--method", method}, more...)
	out, err := exec.CommandContext(i.t.Context(), "node", args...).CombinedOutput()
	if err != nil {
		i.t.Fatalf("%s: %v %s", method, err, out)
	}
	return string(out)
}
