package main

import (
	"context"
	"net"
	"net/http"

	"nevermind/adapters/shop/connector"
	"nevermind/adapters/shop/hook"
	"nevermind/bot"
)

// What a server is made of besides the house: each part stands in a file of its own and is named in one of these lists.
var (
	// platforms are where people come in; one whose settings are not there returns nil. What an adapter's Handler
	// serves is mounted below "/<name>/", and its Ready is asked by /readyz.
	platforms = []func(context.Context, *site) (bot.Adapter, error){openTelegram, openSlack}
	// handlers are HTTP handlers by their patterns, made when the engine is there. A request has bodyTime and its answer
	// answerTime, unless the handler gives it longer by http.ResponseController.
	handlers = map[string]func(*site) (http.Handler, error){
		"GET /docs": (*site).restPage, "POST /shop/events": (*site).shopEvents,
		"/mcp": (*site).assistants, "POST /mcp/connect": (*site).assistants,
	}
	// shopHands do what conversations ask of a shop elsewhere; where none is set the embedded order book does it.
	shopHands = openHook
)

// site is what the parts of a server are built with: the program, its settings, and the house,
// which grows while the server is wired (serve.go).
type site struct {
	*program
	*serveSettings
	*house                     // its engine is nil until the platforms and hands are there
	hook       *hook.Shop      // where the shop is behind its webhook
	connected  *connector.Shop // where the shop is a system that a connector knows
	operations net.Listener    // of its own for health and metrics, where the settings want one
	metrics    *metrics        // counts what the parts tell it, as a bot.Meter
}
