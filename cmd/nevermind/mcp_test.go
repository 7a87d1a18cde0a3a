package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"nevermind/adapters/mcp"
	"nevermind/adapters/telegram/telegramtest"
)

// chatCode is the code that connects an assistant, as it stands in a chat.
var chatCode = regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}`)

// withAssistants is a server on the fake Telegram that lets assistants in, with Ana and her seller.
func withAssistants(t *testing.T, data string) (h *telegramtest.House, s *started, ana, lumen *telegramtest.Chat) {
	h, s = serveTelegram(t, telegramtest.Open(t), data, pollMode, "--mcp", "on")
	h.Order("8123456789012345", "b-1", "s-1", "Bamboo lamp")
	return h, s, h.Join(11, "buyer", "b-1", "Ana"), h.Join(22, "seller", "s-1", "Lumen House")
}

// code asks the chat for a code.
func code(h *telegramtest.House, chat *telegramtest.Chat) string {
	h.T.Helper()
	chat.Type("/assistant")
	return chatCode.FindString(h.Await(chat, "give it this code").Text)
}

// assistantOf connects an assistant of the SDK's own client with a chat, and returns it with its token.
func assistantOf(h *telegramtest.House, chat *telegramtest.Chat) (*sdk.ClientSession, string) {
	h.T.Helper()
	token, err := (&mcp.Bridge{Server: h.URL}).Connect(h.T.Context(), code(h, chat), "Claude")
	if err != nil {
		h.T.Fatal(err)
	}
	h.Await(chat, "Your assistant “Claude” is connected")
	return clientOf(h, token), token
}

// clientOf is the SDK's client with a token.
func clientOf(h *telegramtest.House, token string) *sdk.ClientSession {
	h.T.Helper()
	client := sdk.NewClient(&sdk.Implementation{Name: "test", Version: "1"}, nil)
	door := &sdk.StreamableClientTransport{Endpoint: h.URL + "/mcp", DisableStandaloneSSE: true,
		HTTPClient: &http.Client{Transport: withBearer(token)}}
	session, err := client.Connect(h.T.Context(), door, nil)
	if err != nil {
		h.T.Fatal(err)
	}
	h.T.Cleanup(func() { session.Close() })
	return session
}

// withBearer sends a token along.
type withBearer string

func (b withBearer) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+string(b))
	return http.DefaultTransport.RoundTrip(r)
}

// callTool calls a tool and returns what it says, and whether it did what was asked.
func callTool(t testing.TB, s *sdk.ClientSession, tool string, args map[string]any) (text string, ok bool) {
	t.Helper()
	r, err := s.CallTool(t.Context(), &sdk.CallToolParams{Name: tool, Arguments: args})
	if err != nil {
		return err.Error(), false
	}
	for _, c := range r.Content {
		if said, isText := c.(*sdk.TextContent); isText {
			text += said.Text
		}
	}
	return text, !r.IsError
}

// tells calls a tool that must do what is asked, and say some words.
func tells(t testing.TB, s *sdk.ClientSession, tool string, args map[string]any, words ...string) string {
	t.Helper()
	text, ok := callTool(t, s, tool, args)
	if !ok {
		t.Fatalf("%s: %s", tool, text)
	}
	for _, w := range words {
		if !strings.Contains(text, w) {
			t.Errorf("%s does not say %q: %s", tool, w, text)
		}
	}
	return text
}

// TestAssistantCancels plays a cancellation from the code in the chat to the press, with the SDK's own client over HTTP, and
// on to the answer to an offer.
func TestAssistantCancels(t *testing.T) {
	t.Parallel()
	h, _, ana, lumen := withAssistants(t, t.TempDir())
	claude, _ := assistantOf(h, ana)
	order := map[string]any{"order": "8123456789012345"}
	tells(t, claude, "list_orders", nil, "8123456789012345", "Bamboo lamp", "processing")
	tells(t, claude, "order_status", order, "24.90 USD")
	request := map[string]any{"order": "8123456789012345", "reason": "not_needed", "note": "I have found another."}
	tells(t, claude, "preview_request", request, "Back to you: 24.90 USD", "I have found another.")
	if strings.Contains(lumen.Texts(), "would like to cancel") {
		t.Error("a preview reaches the seller")
	}
	tells(t, claude, "propose_request", request, "waiting for the buyer's press")
	h.Await(ana, "Your assistant suggests this request. Nothing has been sent.")
	h.Press(ana, "Yes, ask the seller")
	h.Await(lumen, "would like to cancel")
	h.Press(lumen, "Make an offer")
	h.Press(lumen, "Cancel, part of the money back")
	h.Await(lumen, "How much goes back")
	lumen.Type("12")
	h.Press(lumen, "Leave it out")
	h.Press(lumen, "Yes, send it")
	h.Await(ana, "makes you an offer")
	tells(t, claude, "order_status", order, "the buyer weighs an offer", "you would get 12.00 USD back", "Take the offer")
	tells(t, claude, "propose_words", map[string]any{"order": "8123456789012345", "words": "Would 15 be all right?"}, "waiting")
	h.Press(ana, "Yes, send it")
	h.Await(lumen, "Would 15 be all right?")
	tells(t, claude, "propose_answer", map[string]any{"order": "8123456789012345", "answer": "take"}, "you would get 12.00 USD back")
	h.Press(ana, "Yes, take it")
	h.Await(lumen, "You and Ana have agreed")
	tells(t, claude, "read_timeline", order, "Asked to cancel", "Made an offer", "Took the offer",
		"Would 15 be all right?", `"through":"assistant"`)
	for _, tool := range []string{"accept", "seller_accepted", "decide"} {
		if text, ok := callTool(t, claude, tool, order); ok {
			t.Errorf("there is a tool %s: %s", tool, text)
		}
	}
}

// TestAssistantTools: what the tools say of themselves is so.
func TestAssistantTools(t *testing.T) {
	t.Parallel()
	h, _, ana, _ := withAssistants(t, t.TempDir())
	claude, _ := assistantOf(h, ana)
	all, err := claude.ListTools(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, tool := range all.Tools {
		a := tool.Annotations
		reads := !strings.HasPrefix(tool.Name, "propose_")
		if a.ReadOnlyHint != reads || !reads && *a.DestructiveHint || *a.OpenWorldHint {
			t.Errorf("%s is annotated %+v", tool.Name, a)
		}
		if tool.InputSchema == nil || tool.OutputSchema == nil || tool.Description == "" {
			t.Errorf("%s does not say what it takes and gives", tool.Name)
		}
	}
	if len(all.Tools) != 7 {
		t.Errorf("there are %d tools, want 7", len(all.Tools))
	}
}

// TestAssistantBridge: the command on the buyer's machine connects once by a code, keeps the token for its owner alone, and
// passes calls on.
func TestAssistantBridge(t *testing.T) {
	t.Parallel()
	h, _, ana, _ := withAssistants(t, t.TempDir())
	file := t.TempDir() + "/token"
	bridged := func(args ...string) *sdk.ClientSession {
		t.Helper()
		toProgram, fromClient := io.Pipe()
		toClient, fromProgram := io.Pipe()
		ended, log := make(chan int, 1), &loud{}
		go func() {
			line := append([]string{"mcp", "--server", h.URL, "--token-file", file}, args...)
			ended <- run(t.Context(), line, toProgram, fromProgram, log, nil)
			fromProgram.Close()
		}()
		client := sdk.NewClient(&sdk.Implementation{Name: "test", Version: "1"}, nil)
		s, err := client.Connect(t.Context(), &sdk.IOTransport{Reader: toClient, Writer: fromClient}, nil)
		if err != nil {
			t.Fatal(err, log)
		}
		t.Cleanup(func() {
			s.Close()
			if got := <-ended; got != exitDone {
				t.Errorf("the bridge ends with %d: %s", got, log)
			}
		})
		return s
	}
	command(t, "", "mcp", "--server", h.URL, "--token-file", file, "--name", "Claude", "--code", code(h, ana)).
		want(t, exitDone, "Connected. The token is kept in")
	if kept, err := os.Stat(file); err != nil || kept.Mode().Perm() != 0o600 {
		t.Errorf("the token's file: %v, %v", kept, err)
	}
	h.Await(ana, "Your assistant “Claude” is connected")
	tells(t, bridged(), "list_orders", nil, "Bamboo lamp")
	command(t, "", "mcp", "--server", h.URL, "--token-file", t.TempDir()+"/none").want(t, exitWrongUse, "/assistant", "--code")
	command(t, "", "mcp", "--server", h.URL, "--token-file", file, "--code", "AAAA-BBBB-CCCC").
		want(t, exitFailed, "this code is not known")
}

// TestAssistantOverARestart: a question and its token outlive the server; disconnected, the token is none at once.
func TestAssistantOverARestart(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	h, s, ana, lumen := withAssistants(t, data)
	claude, token := assistantOf(h, ana)
	request := map[string]any{"order": "8123456789012345", "reason": "not_needed"}
	tells(t, claude, "propose_request", request)
	h.Await(ana, "Your assistant suggests this request")
	s.stop().want(t, exitDone)
	h, _ = serveTelegram(t, h.Fake, data, pollMode, "--mcp", "on")
	claude = clientOf(h, token)
	if text, ok := callTool(t, claude, "propose_words", map[string]any{"order": "8123456789012345", "words": "Hello."}); ok ||
		!strings.Contains(text, "waits for the buyer's answer") {
		t.Errorf("a second question while one waits: %s", text)
	}
	h.Press(ana, "Yes, ask the seller")
	h.Await(lumen, "would like to cancel")
	ana.Type("/assistant")
	h.Press(ana, "Disconnect it")
	h.Await(ana, "Your assistant is disconnected")
	if text, ok := callTool(t, claude, "list_orders", nil); ok {
		t.Errorf("a disconnected assistant reads: %s", text)
	}
}

// TestAssistantDoor: pages of this server's own address may call, no others; where assistants are not let in there is no
// door.
func TestAssistantDoor(t *testing.T) {
	t.Parallel()
	h, _ := serveTelegram(t, telegramtest.Open(t), t.TempDir(), pollMode, "--mcp", "on", "--public-url", "https://shop.example")
	for origin, want := range map[string]int{
		"https://shop.example": 401, "http://shop.example": 403, "https://shop.example.evil": 403,
	} {
		if got, _ := postRaw(t, h, "/mcp", rawCall("list_orders", nil), map[string]string{"Origin": origin}); got != want {
			t.Errorf("from %s: got %d, want %d", origin, got, want)
		}
	}
	closed, _ := serveTelegram(t, telegramtest.Open(t), t.TempDir(), pollMode)
	for _, path := range []string{"/mcp", "/mcp/connect"} {
		if got, _ := postRaw(t, closed, path, "{}", nil); got != http.StatusNotFound {
			t.Errorf("%s where it is off: got %d, want 404", path, got)
		}
	}
	ana := closed.Join(11, "buyer", "b-1", "Ana")
	ana.Type("/assistant")
	closed.Await(ana, "Assistants can't be connected here.")
	command(t, "", "serve", "--data", t.TempDir(), "--api-key", apiKey, "--mcp", "yes").want(t, exitWrongUse, "NEVERMIND_MCP")
}

// postRaw sends a raw call to /mcp and returns the status and what is answered.
func postRaw(t testing.TB, h *telegramtest.House, path, body string, header map[string]string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), http.MethodPost, h.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json, text/event-stream")
	for name, value := range header {
		r.Header.Set(name, value)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var text bytes.Buffer
	if _, err := text.ReadFrom(answer.Body); err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, text.String()
}

// rawCall is a call of a tool as JSON-RPC.
func rawCall(tool string, args any) string {
	raw, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": 1, "method": "tools/call",
		"params": map[string]any{"name": tool, "arguments": args}})
	if err != nil {
		panic(err)
	}
	return string(raw)
}

// TestAssistantOfTheErased: whoever is erased has no assistant any more: its token opens nothing from then on.
func TestAssistantOfTheErased(t *testing.T) {
	onlyInCI(t)
	t.Parallel()
	data := t.TempDir()
	h, _, ana, _ := withAssistants(t, data)
	claude, token := assistantOf(h, ana)
	tells(t, claude, "list_orders", nil, "8123456789012345")
	command(t, "", "erase", "--buyer", "b-1", "--why", "asked", "--data", data).want(t, exitDone, "Erased")
	if text, ok := callTool(t, claude, "list_orders", nil); ok {
		t.Errorf("it still reads: %s", text)
	}
	status, _ := postRaw(t, h, "/mcp", rawCall("list_orders", nil), map[string]string{"Authorization": "Bearer " + token})
	if status != http.StatusUnauthorized {
		t.Errorf("its token is answered with %d", status)
	}
}
