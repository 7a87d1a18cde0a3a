// Package mcp is a door for buyers' own AI assistants: a server of the Model Context Protocol over HTTP, and the bridge by
// which an assistant on the buyer's machine reaches it. It translates and holds no policy: a token says whose assistant asks,
// the flows decide what it may do, and everything it suggests becomes a question in the person's chat.
package mcp

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/modelcontextprotocol/go-sdk/auth"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
	"golang.org/x/time/rate"

	"nevermind/bot"
)

// Assistants is what the door needs of the engine's *engine.Assistants, where the methods are described.
type Assistants interface {
	Connect(ctx context.Context, code, name string) (token string, err error)
	Of(ctx context.Context, token string) (bot.Person, error)
	Look(ctx context.Context, token, what, order string) (bot.Person, error)
	Suggest(ctx context.Context, who *bot.Person, p bot.Proposal) (words string, err error)
	Propose(ctx context.Context, token string, p bot.Proposal) (words string, until time.Time, err error)
	Rehearse(ctx context.Context, who *bot.Person, key bot.Key, ev bot.Event) (bot.Turn, error)
}

// Engine is what else it needs of the engine, to read.
type Engine interface {
	Store() bot.Reading
	Flows() *bot.Flows
	Policy() *bot.Policy
}

// Config is what the door is made of.
type Config struct {
	Assistants Assistants
	Engine     Engine
	Origins    []string // the origins of browsers that may call; a call without an origin comes from no page
	Version    string
	Seen       func(e *bot.Entry) (move, words []bot.Party) // who may read an entry of a record's journal
	Events     map[string]string                            // events in words
	States     map[string]string                            // and states
	Log        *slog.Logger                                 // nil is silent
}

// Door is the server. It is safe for concurrent use.
type Door struct {
	cfg     Config
	guesses *rate.Limiter // wrong codes and tokens, of all callers together
	wrong   rate.Sometimes
	handler http.Handler
}

// The bounds of a call: bytes of a request, and how fast codes and tokens may be guessed.
const (
	mostRequest  = 64 << 10
	guessesBurst = 30
	guessEvery   = 2 * time.Second

	wrongLogEvery = time.Minute // a flood of guesses is one line in the log, and then one in so long
)

// New makes the door.
func New(cfg Config) *Door {
	d := &Door{cfg: cfg, guesses: rate.NewLimiter(rate.Every(guessEvery), guessesBurst),
		wrong: rate.Sometimes{First: 1, Interval: wrongLogEvery}}
	d.cfg.Log = cmp.Or(cfg.Log, slog.New(slog.DiscardHandler))
	server := d.server()
	calls := sdk.NewStreamableHTTPHandler(func(*http.Request) *sdk.Server { return server }, &sdk.StreamableHTTPOptions{
		Stateless: true, JSONResponse: true, MaxRequestBodyBytes: mostRequest, PropagateRequestCancellation: true,
		DisableLocalhostProtection: true, // a proxy on the same machine; every call has a token, and its origin is checked
	})
	mux := http.NewServeMux()
	mux.HandleFunc("POST /mcp/connect", d.connect)
	mux.Handle("/mcp", d.guarded(auth.RequireBearerToken(d.verify, nil)(calls)))
	d.handler = d.sameOrigin(mux)
	return d
}

// Handler serves /mcp and /mcp/connect.
func (d *Door) Handler() http.Handler { return d.handler }
