// Package web is the demo page: buyer, seller and support side by side, a timeline of the case and a clock that can be
// moved. It is an adapter like any other.
//
// The page stores nothing of its own. Send only tells the open pages over Server-Sent Events that something has changed;
// they ask again, and every answer is read from the store. A reply sent twice thus shows once, and a page that was away
// misses nothing. The handlers answer JSON and refuse with problem documents (RFC 9457).
//
// The page has no accounts: whoever reaches it speaks as anybody. It belongs on the loopback, and request_guard.go keeps
// other sites' scripts out.
package web

import (
	"context"
	"log/slog"
	"net/http"
	"slices"

	"nevermind/bot"
)

// Config is what a demo page is made of; Clock is needed.
type Config struct {
	Clock *Clock
	Menu  map[bot.Party][]Command // the chips over each chat's input; nil is the usual ones
	Host  string                  // the host listened on, besides the loopback
	// Drawing is a flow's drawing by the flow's name, an SVG document; nil has none. Its states have the class
	// "is-STATE", its arrows "STATE--EVENT--STATE", and "from-STATE" where they are a way out.
	Drawing func(flow string) (svg []byte, ok bool)
	// Blocks is a reply as another platform's blocks, JSON, to be looked at in the desk's chat; nil shows none.
	Blocks func(bot.Reply) []byte
	Names  Names // how people call what flows and policies name shortly
	// Laboratory tries the closed cases under a policy file; ErrPolicy where it is none.
	Laboratory func(ctx context.Context, text string) (bot.Laboratory, error)
	// Report counts what came of requests.
	Report func(ctx context.Context, q bot.ReportQuery) (bot.Report, error)
	Words  bot.Catalog  // the page's own words in other languages; nil is English
	Log    *slog.Logger // nil is silent
}

// Command is one entry of a chat's menu: what it is called and what pressing it types.
type Command struct {
	Label string `json:"label"`
	Text  string `json:"text"`
}

// menu is a party's menu as somebody reads it: in their language it types what it is called.
func (d *Demo) menu(p bot.Party, language string) []Command {
	menu := slices.Clone(d.cfg.Menu[p])
	if d.cfg.Words == nil {
		return menu
	}
	for i, c := range menu {
		if words, ok := d.cfg.Words.Text(language, c.Label); ok {
			menu[i] = Command{words, words}
		}
	}
	return menu
}

// Demo is the page and the adapter behind it: make it with New, Attach it, then serve it. It is safe for any number of
// requests at once.
type Demo struct {
	cfg     Config
	engine  Engine
	shop    Shop
	hints   *hints
	uploads uploads
	mux     *http.ServeMux
}

// New makes a demo page; Attach it to an engine before it is served.
func New(cfg Config) *Demo {
	if cfg.Menu == nil {
		cfg.Menu = UsualMenu
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	d := &Demo{cfg: cfg, hints: newHints()}
	d.mux = d.routes()
	return d
}

// Attach gives the page the engine it shows and the shop behind its buttons; call it once, before the first request.
func (d *Demo) Attach(h Engine, s Shop) { d.engine, d.shop = h, s }

// Name is what the page's rooms begin with: "web".
func (d *Demo) Name() string { return "web" }

// Run ends the pages' streams when ctx ends; messages come in over HTTP.
func (d *Demo) Run(ctx context.Context, _ bot.Inbox) error {
	<-ctx.Done()
	d.hints.close()
	return nil
}

// Send tells the open pages to look again. They draw what the store has, so a repeat changes nothing and Send never fails.
// The name of a new message is the delivery's id; an edit keeps the name that the message has.
func (d *Demo) Send(_ context.Context, m bot.Delivery) (bot.Ref, error) {
	d.hints.room(m.Reply.Room)
	// A talk's own state is not shown anywhere; a case's timeline is.
	for _, k := range []bot.Key{m.Reply.Card, m.Reply.From} {
		if k != "" && k.Kind() != "talk" {
			d.hints.conversation(k)
			break
		}
	}
	// An edit of a message that was never sent becomes a new one.
	if m.Reply.Mode != bot.New && m.Ref != "" {
		return m.Ref, nil
	}
	return bot.Ref(m.ID), nil
}

// ServeHTTP serves the page and its data to requests that come from the page itself.
func (d *Demo) ServeHTTP(w http.ResponseWriter, r *http.Request) { d.guard(w, r) }

// UsualMenu are the chips over each chat's input.
var UsualMenu = map[bot.Party][]Command{
	bot.Buyer: {
		{"My orders", "my orders"}, {"My requests", "my requests"}, {"Cancel an order", "/cancel"},
		{"A person", "a person please"}, {"Help", "help"},
	},
	bot.Seller:  {{"Open requests", "my requests"}, {"A person, please", "a person please"}, {"Help", "help"}},
	bot.Support: {{"Open cases", "my requests"}, {"Help", "help"}},
}
