// Package web is the demo page: buyer, seller and support side by side, a timeline of the case and a clock that can
// be moved. It is an adapter like any other; what it shows is read from the store.
package web

import (
	"context"
	"log/slog"
	"net/http"

	"nevermind/bot"
)

// Config is what a demo page is made of.
type Config struct {
	Clock *Clock
	Draw  Draw                    // nil: no diagrams
	Menu  map[bot.Party][]Command // the chips over each chat's input; nil is the usual ones
	Host  string                  // the host listened on, besides the loopback
	// Blocks is a reply as another platform's blocks, JSON, to be looked at in the desk's chat; nil shows none.
	Blocks func(bot.Reply) []byte
	Log    *slog.Logger // nil is silent
}

// Command is one entry of a chat's menu: what it is called and what pressing it types.
type Command struct {
	Label string `json:"label"`
	Text  string `json:"text"`
}

// Demo is the page and the adapter behind it.
type Demo struct {
	cfg     Config
	engine  Engine
	shop    Shop
	hints   *hints
	art     gallery
	uploads uploads
	mux     *http.ServeMux
}

// New makes a demo page; Attach it to an engine before it is served.
func New(cfg Config) *Demo {
	if cfg.Menu == nil {
		cfg.Menu = usualMenu
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	d := &Demo{cfg: cfg, hints: newHints(), art: gallery{draw: cfg.Draw}}
	d.mux = d.routes()
	return d
}

// Attach gives the page the house it shows and the shop behind its buttons; call it once, before the first request.
func (d *Demo) Attach(h Engine, s Shop) { d.engine, d.shop = h, s }

// Name returns "web".
func (d *Demo) Name() string { return "web" }

// Run ends the pages' streams when ctx ends; messages come in over HTTP.
func (d *Demo) Run(ctx context.Context, _ bot.Inbox) error {
	<-ctx.Done()
	d.hints.close()
	return nil
}

// Send tells the open pages to look again: they draw what the store says was said, so a repeat changes nothing.
func (d *Demo) Send(_ context.Context, m bot.Delivery) (bot.Ref, error) {
	d.hints.room(m.Reply.Room)
	for _, k := range []bot.Key{m.Reply.Card, m.Reply.From} {
		if k != "" && k.Kind() != "talk" {
			d.hints.conversation(k)
			break
		}
	}
	if m.Reply.Mode != bot.New && m.Ref != "" {
		return m.Ref, nil
	}
	return bot.Ref(m.ID), nil
}

// ServeHTTP serves the page and its data.
func (d *Demo) ServeHTTP(w http.ResponseWriter, r *http.Request) { d.guard(w, r) }

var usualMenu = map[bot.Party][]Command{
	bot.Buyer: {
		{"My orders", "my orders"}, {"My requests", "my requests"}, {"Cancel an order", "/cancel"},
		{"A person", "a person please"}, {"Help", "help"},
	},
	bot.Seller:  {{"Open requests", "my requests"}, {"A person, please", "a person please"}, {"Help", "help"}},
	bot.Support: {{"Open cases", "my requests"}, {"Help", "help"}},
}
