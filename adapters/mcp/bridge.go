package mcp

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// Bridge connects an assistant on this machine, which speaks over standard input and output, with a server's door. It passes
// messages on as they are.
type Bridge struct {
	Server string // the address of the server, without /mcp
	Token  string
	Client *http.Client // nil is the usual one
}

// Run passes messages on until one side ends.
func (b *Bridge) Run(ctx context.Context, in io.ReadCloser, out io.WriteCloser) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	here, err := (&sdk.IOTransport{Reader: in, Writer: out}).Connect(ctx)
	if err != nil {
		return fmt.Errorf("standard input and output: %w", err)
	}
	server := &sdk.StreamableClientTransport{Endpoint: b.address("/mcp"), HTTPClient: b.client(), DisableStandaloneSSE: true}
	there, err := server.Connect(ctx)
	if err != nil {
		return errors.Join(fmt.Errorf("the server: %w", err), here.Close())
	}
	ended := make(chan error, 2)
	go func() { ended <- pass(ctx, here, there) }()
	go func() { ended <- pass(ctx, there, here) }()
	err = <-ended
	cancel()
	closed := errors.Join(here.Close(), there.Close())
	err = cmp.Or(err, <-ended) // the other side ends with this one
	if errors.Is(err, io.EOF) || errors.Is(err, context.Canceled) {
		return nil // the assistant is done
	}
	return errors.Join(err, closed)
}

// pass passes messages from one side to the other until one of them ends.
func pass(ctx context.Context, from, to sdk.Connection) error {
	for {
		m, err := from.Read(ctx)
		if err != nil {
			return err
		}
		if err := to.Write(ctx, m); err != nil {
			return err
		}
	}
}

// Connect gets the token for a code from the chat.
func (b *Bridge) Connect(ctx context.Context, code, name string) (string, error) {
	body, err := json.Marshal(map[string]string{"code": code, "name": name})
	if err != nil {
		return "", err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, b.address("/mcp/connect"), bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	answer, err := b.client().Do(r)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 64<<10))
	if err != nil {
		return "", err
	}
	if answer.StatusCode != http.StatusOK {
		return "", fmt.Errorf("the server answers %d: %s", answer.StatusCode, strings.TrimSpace(string(text)))
	}
	var given struct{ Token string }
	return given.Token, json.Unmarshal(text, &given)
}

func (b *Bridge) address(path string) string { return strings.TrimSuffix(b.Server, "/") + path }

// client sends the token along.
func (b *Bridge) client() *http.Client {
	client := http.DefaultClient
	if b.Client != nil {
		client = b.Client
	}
	with := *client
	with.Transport = bearing{client.Transport, b.Token}
	return &with
}

// bearing adds the token to each request.
type bearing struct {
	next  http.RoundTripper
	token string
}

// RoundTrip sends the request with the token.
func (b bearing) RoundTrip(r *http.Request) (*http.Response, error) {
	next := b.next
	if next == nil {
		next = http.DefaultTransport
	}
	if b.token != "" {
		r = r.Clone(r.Context())
		r.Header.Set("Authorization", "Bearer "+b.token)
	}
	return next.RoundTrip(r)
}
