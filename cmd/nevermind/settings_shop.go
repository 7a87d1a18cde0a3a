package main

import (
	"encoding/base64"
	"maps"
	"slices"
	"strings"
)

// shopSettings say who the shop is: a system that a connector knows, one that is reached by webhooks, or, where nothing is
// set, the embedded order book.
type shopSettings struct {
	Kind    string `name:"shop" help:"${shop}" env:"NEVERMIND_SHOP" placeholder:"NAME"`
	URL     string `name:"shop-url" help:"Where the shop's system is." env:"NEVERMIND_SHOP_URL" placeholder:"URL"`
	Token   secret `name:"shop-token" help:"What it is asked with." env:"NEVERMIND_SHOP_TOKEN" placeholder:"SECRET"`
	Page    string `name:"shop-page" help:"${shop_page}" env:"NEVERMIND_SHOP_PAGE" placeholder:"URL"`
	Settles string `name:"shop-settles" help:"${shop_settles}" env:"NEVERMIND_SHOP_SETTLES" placeholder:"on"`

	WebhookURL    string `name:"shop-webhook-url" help:"${shop_webhook_url}" env:"NEVERMIND_SHOP_WEBHOOK_URL" placeholder:"URL"`
	WebhookSecret secret `name:"shop-webhook-secret" help:"${shop_secret}" env:"NEVERMIND_SHOP_WEBHOOK_SECRET" placeholder:"SECRET"`
}

// webhookShop is the kind of a shop that is reached by webhooks.
const webhookShop = "webhook"

// kind is which shop it is; "" is the embedded order book.
func (s *shopSettings) kind() string {
	if s.Kind == "" && s.WebhookURL != "" {
		return webhookShop
	}
	return s.Kind
}

// inspect looks for faults: what a kind of shop needs is there, and nothing that it does not know.
func (s *shopSettings) inspect(f *faultList) {
	f.url("NEVERMIND_SHOP_URL", s.URL)
	f.url("NEVERMIND_SHOP_WEBHOOK_URL", s.WebhookURL)
	f.url("NEVERMIND_SHOP_PAGE", s.Page)
	f.header("NEVERMIND_SHOP_TOKEN", s.Token)
	f.filled("NEVERMIND_SHOP_WEBHOOK_SECRET", s.WebhookSecret)
	if s.WebhookSecret.set() && !signingKey(s.WebhookSecret.text()) {
		f.add("NEVERMIND_SHOP_WEBHOOK_SECRET",
			`not a Standard Webhooks secret; "whsec_" and the base64 of 24 to 64 random bytes: whsec_$(openssl rand -base64 32)`)
	} else if key := strings.TrimPrefix(s.WebhookSecret.text(), "whsec_"); key != "" && (monotonous(key) || orderly(key)) {
		f.add("NEVERMIND_SHOP_WEBHOOK_SECRET", "can be guessed; draw it at random: whsec_$(openssl rand -base64 32)")
	}
	if s.Settles != "" && s.Settles != "on" {
		f.add("NEVERMIND_SHOP_SETTLES", "is not on; leave it out where the shop settles refunds itself")
	}
	switch kind := s.kind(); {
	case kind == "" || kind == webhookShop:
		s.inspectWebhook(f)
	case connectors[kind] == nil:
		f.add("NEVERMIND_SHOP", "no such shop is known; it is one of %s", strings.Join(shopKinds(), ", "))
	default:
		s.inspectConnector(f)
	}
}

// inspectWebhook: address and secret go together, and a connector's settings with a connector.
func (s *shopSettings) inspectWebhook(f *faultList) {
	switch {
	case s.WebhookURL != "" && !s.WebhookSecret.set():
		f.add("NEVERMIND_SHOP_WEBHOOK_URL", "what goes there is signed: set NEVERMIND_SHOP_WEBHOOK_SECRET (whsec_…) too")
	case s.WebhookURL == "" && s.Kind == webhookShop:
		f.add("NEVERMIND_SHOP", "webhook needs NEVERMIND_SHOP_WEBHOOK_URL, where commands and news go")
	case s.WebhookURL == "" && s.WebhookSecret.set():
		f.add("NEVERMIND_SHOP_WEBHOOK_SECRET", "nothing is signed without NEVERMIND_SHOP_WEBHOOK_URL; set both or neither")
	}
	if s.URL != "" || s.Token.set() {
		f.add("NEVERMIND_SHOP_URL", "say by NEVERMIND_SHOP whose it is: one of %s", strings.Join(shopKinds()[1:], ", "))
	}
}

// inspectConnector: a system has an address and a token, and no webhooks go to it.
func (s *shopSettings) inspectConnector(f *faultList) {
	if s.URL == "" {
		f.add("NEVERMIND_SHOP_URL", "%s needs it: where the shop's system is", s.Kind)
	}
	if !s.Token.set() {
		f.add("NEVERMIND_SHOP_TOKEN", "%s needs it: what the shop's system is asked with", s.Kind)
	}
	if s.WebhookURL != "" {
		f.add("NEVERMIND_SHOP_WEBHOOK_URL", "%s is asked by its own API; leave this out, or use NEVERMIND_SHOP=webhook", s.Kind)
	}
}

// shopKinds are what NEVERMIND_SHOP may be.
func shopKinds() []string {
	return append([]string{webhookShop}, slices.Sorted(maps.Keys(connectors))...)
}

// signingKey says whether a text is a Standard Webhooks secret.
func signingKey(text string) bool {
	coded, ok := strings.CutPrefix(text, "whsec_")
	key, err := base64.StdEncoding.DecodeString(coded)
	return ok && err == nil && len(key) >= 24 && len(key) <= 64
}
