// Package rest is the API by which a shop writes to Nevermind: orders, links, cases and outcomes over HTTP, under /v1.
//
// The framework (huma) routes calls and writes the OpenAPI document from Go types. It does not read bodies: package shop
// decodes them, so that a field is right or wrong in the same way in every form in which it comes. Every error is a problem
// document (RFC 9457) that names fields and never repeats values, which may be personal.
package rest

import (
	"context"
	"crypto/sha256"
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"golang.org/x/time/rate"

	"nevermind/adapters/shop"
	"nevermind/bot"
)

// Config is what the API is made of; Engine, Put and End are needed.
type Config struct {
	Key    string // a bearer key with every scope; empty is none
	Keys   *Keys  // further ones with scopes of their own; nil is none. Without any key every call is refused
	Engine Engine
	// Put stores an order and whoever it is about, and returns the order held afterwards.
	Put func(ctx context.Context, o bot.Order) (bot.Order, error)
	// End tells how a command has ended: nil where this is the first word on it or says the same again; bot.ErrSeen
	// where it has ended otherwise, bot.ErrNone where there is no such command.
	End func(ctx context.Context, task string, e shop.Ended) error
	// PolicyOf is the policy that counts for a case; nil is the one in force.
	PolicyOf func(c *bot.Conversation) *bot.Policy
	// Report says what came of requests; nil is not there.
	Report  func(ctx context.Context, q bot.ReportQuery) (bot.Report, error)
	Bot     func() string // the Telegram bot's name without @, empty where there is none; nil is none
	Address string        // where the platforms reach us, for the document; may be empty
	Version string
	Meter   bot.Meter    // nil counts nothing
	Log     *slog.Logger // nil is silent
}

// Engine is what the API needs of the engine; *bot.Engine is one.
type Engine interface {
	Order(ctx context.Context, id string) (bot.Order, error)
	// Invite stores a person and makes a token by which one chat can become theirs, until it expires.
	Invite(ctx context.Context, p bot.Person) (token string, expires time.Time, err error)
	Store() bot.Reading
	Flows() *bot.Flows
	// Leads says which state an event would lead to as a view stands.
	Leads(v *bot.View, event string) string
	Policy() *bot.Policy
}

// API is everything under /v1: an http.Handler, safe for any number of callers at once, without state besides its routes.
type API struct {
	cfg      Config
	key      [sha256.Size]byte
	routes   *http.ServeMux
	document *huma.OpenAPI
	cases    *shop.Cases
	// What slows down and reports callers without the key.
	wrongKeys   *rate.Limiter
	wrongKeyLog rate.Sometimes
}

// New makes the API with all its routes and its document. It panics where the document cannot be made, which depends on
// nothing but the code.
func New(cfg Config) *API {
	if cfg.Meter == nil {
		cfg.Meter = bot.Unmetered{}
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.PolicyOf == nil {
		cfg.PolicyOf = func(*bot.Conversation) *bot.Policy { return cfg.Engine.Policy() }
	}
	a := &API{
		cfg: cfg, key: sha256.Sum256([]byte(cfg.Key)), routes: http.NewServeMux(),
		wrongKeys:   rate.NewLimiter(wrongKeysASecond, wrongKeysAtOnce),
		wrongKeyLog: rate.Sometimes{First: 1, Interval: wrongKeyLogEvery},
		cases:       &shop.Cases{Store: cfg.Engine.Store(), Leads: cfg.Engine.Leads, PolicyOf: cfg.PolicyOf},
	}
	routes := humago.New(a.routes, a.settings())
	a.document = routes.OpenAPI()
	// The calls register themselves with the framework, which writes them into the document.
	routes.UseMiddleware(recordOperation, checkScope)
	a.orders(routes)
	a.bulk(routes)
	a.links(routes)
	a.caseRoutes(routes)
	a.reportRoute(routes)
	a.tasks(routes)
	a.documents()
	return a
}

// settings turns off what the framework would add by itself: its own pages, links to schemas, echoes of values.
func (a *API) settings() huma.Config {
	c := huma.DefaultConfig("Nevermind", a.cfg.Version)
	c.OpenAPIPath, c.DocsPath, c.SchemasPath = "", "", ""
	// The hooks would add links to schemas to every answer.
	c.CreateHooks = nil
	c.RejectUnknownQueryParameters = true
	c.Transformers = []huma.Transformer{withoutValues}
	describe(c.OpenAPI, a.cfg.Address)
	return c
}
