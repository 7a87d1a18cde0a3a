package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"nevermind/adapters/shop/connector"
	"nevermind/adapters/shop/medusa"
	"nevermind/adapters/shop/vendure"
	"nevermind/bot"
	"nevermind/bot/engine"
)

// connectors make the system of a shop from its settings, by the name that NEVERMIND_SHOP gives.
var connectors = map[string]func(*shopSettings) (connector.System, error){"medusa": openMedusa, "vendure": openVendure}

// openVendure reaches a Vendure by its Admin API.
func openVendure(s *shopSettings) (connector.System, error) {
	return vendure.New(vendure.Config{URL: s.URL, Token: s.Token.text(), Page: s.Page})
}

// openMedusa reaches a Medusa by its Admin API.
func openMedusa(s *shopSettings) (connector.System, error) { return medusa.New(s.URL, s.Token.text()) }

// openConnector joins a shop's own system: the tasks that go to it.
func openConnector(s *site) (map[string]bot.Hand, error) {
	system, err := connectors[s.Shop.kind()](&s.Shop)
	if err != nil {
		return nil, fmt.Errorf("NEVERMIND_SHOP_URL: %w", err)
	}
	s.connected = connector.New(system, connector.Config{Now: s.now, Settles: s.Shop.Settles == "on", Log: s.log})
	return s.connected.Hands(), nil
}

// shopEvents takes the events of a shop's own system; there are none where nothing signs them.
func (s *site) shopEvents() (http.Handler, error) {
	if s.connected == nil || !s.Shop.WebhookSecret.set() {
		return http.NotFoundHandler(), nil
	}
	return s.connected.Events(s.Shop.WebhookSecret.text())
}

// pull fetches orders from the shop's own system until stop is called, which waits for what is under way.
func (s *site) pull() (stop func()) {
	if s.connected == nil {
		return func() {}
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = s.connected.Run(ctx) // it ends with its context
	}()
	return func() {
		cancel()
		<-ended
	}
}

// connectorEngine is the engine as a connector needs it.
type connectorEngine struct {
	*engine.Engine
	bot.Values
	house *house
}

// PutOrder stores an order, and makes people of those it names.
func (e connectorEngine) PutOrder(ctx context.Context, o bot.Order) (bot.Order, error) {
	return e.house.putOrder(ctx, o)
}

// Known stores what the shop calls a person.
func (e connectorEngine) Known(ctx context.Context, id bot.PersonID, name string) error {
	_, err := e.PutPerson(ctx, bot.Person{ID: id, Name: bot.Shorten(bot.Clean(name), 100)})
	return err
}

// Open lists the orders with an open case.
func (e connectorEngine) Open(ctx context.Context) (orders []string, err error) {
	for _, f := range e.Flows().All {
		if !f.Case {
			continue
		}
		for after := bot.Key(""); ; {
			keys, err := e.house.store.Find(ctx, "open:flow:"+f.Name, after, 500)
			if err != nil {
				return nil, err
			}
			for _, key := range keys {
				order, _, _ := strings.Cut(key.Rest(), "/")
				orders = append(orders, order)
			}
			if len(keys) == 0 {
				break
			}
			after = keys[len(keys)-1]
		}
	}
	return orders, nil
}
