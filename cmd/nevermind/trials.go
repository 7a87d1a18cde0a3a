package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"nevermind/adapters/shop/hook"
	"nevermind/adapters/slack"
	"nevermind/adapters/telegram"
)

// trial asks the world outside whether a setting works there. What it says is a sentence, what is wrong another one.
type trial struct {
	of  string // whose: telegram, slack, public url, shop
	try func(context.Context) (said string, err error)
}

// trialTime is how long one may take.
const trialTime = 20 * time.Second

// run tries it.
func (t trial) run(ctx context.Context) (said string, err error) {
	ctx, cancel := context.WithTimeout(ctx, trialTime)
	defer cancel()
	return t.try(ctx)
}

// trials are those of everything that is set.
func (s *serveSettings) trials(now func() time.Time) (all []trial) {
	if s.Telegram.Token.set() {
		all = append(all, trial{"telegram", func(ctx context.Context) (string, error) { return s.tryTelegram(ctx, now) }})
	}
	if s.Slack.BotToken.set() {
		all = append(all, trial{"slack", s.trySlack})
	}
	if s.reachedFrom() != "" && s.PublicURL != "" {
		all = append(all, trial{"public url", s.tryPublicURL})
	}
	if s.Shop.kind() != "" {
		all = append(all, trial{"shop", s.Shop.try})
	}
	return all
}

// recently is how long a failed delivery counts.
const recently = 15 * time.Minute

// tryTelegram asks who the bot is, and whether what Telegram sends comes in.
func (s *serveSettings) tryTelegram(ctx context.Context, now func() time.Time) (string, error) {
	found, err := telegram.Try(ctx, telegram.Config{Token: s.Telegram.Token.text(), API: s.Telegram.API})
	switch {
	case err != nil:
		return "", err
	case s.Telegram.Mode == webhookMode && found.LastError != "" && now().Sub(found.FailedAt) < recently:
		return "", fmt.Errorf("Telegram could not deliver to %s: %s", found.Webhook, found.LastError) //nolint:staticcheck // a sentence
	case s.Telegram.Mode != webhookMode && found.Webhook != "":
		return fmt.Sprintf("the bot is @%s; the server will fetch its updates and take its webhook at %s away", found.Username,
			found.Webhook), nil
	}
	return fmt.Sprintf("the bot is @%s", found.Username), nil
}

// trySlack asks who the app is, whether it may do all that it has to, and whether it is in the support channel.
func (s *serveSettings) trySlack(ctx context.Context) (string, error) {
	found, err := slack.Try(ctx, slack.Config{BotToken: s.Slack.BotToken.text(), AppToken: s.Slack.AppToken.text(), API: s.Slack.API,
		Channel: s.Slack.Channel})
	switch {
	case err != nil:
		return "", err
	case len(found.Missing) > 0:
		return "", fmt.Errorf("@%s lacks the scopes %s: put docs/slack-manifest.yaml in again, and install the app anew", found.User,
			strings.Join(found.Missing, ", "))
	case s.Slack.Channel == "":
		return fmt.Sprintf("the app is @%s of %s; without NEVERMIND_SLACK_CHANNEL there is no support desk", found.User,
			found.Team), nil
	}
	return fmt.Sprintf("the app is @%s of %s, and it is in the support channel", found.User, found.Team), nil
}

// reachedFrom is the path at which a platform or the shop comes in by the public address; empty where nobody does.
func (s *serveSettings) reachedFrom() string {
	switch {
	case s.Telegram.Token.set() && s.Telegram.Mode == webhookMode:
		return "/telegram/webhook"
	case s.Slack.BotToken.set() && !s.Slack.AppToken.set():
		return "/slack/events"
	}
	return ""
}

// tryPublicURL looks whether the public address leads to this machine: to the server that runs here, or else to a listener of
// its own in that server's place.
func (s *serveSettings) tryPublicURL(ctx context.Context) (string, error) {
	path := s.reachedFrom()
	word := rand.Text()
	want := "200 " + word
	if l, err := net.Listen("tcp", s.address()); err == nil {
		answer := &http.Server{ReadHeaderTimeout: headerTime,
			Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, word) })}
		go answer.Serve(l)   //nolint:errcheck // it ends when it is closed
		defer answer.Close() //nolint:errcheck // nothing is lost
	} else if want, err = look(ctx, "http://"+s.address()+path); err != nil {
		return "", fmt.Errorf("%s is taken, and nothing answers there: %w", s.address(), err)
	}
	seen, err := look(ctx, strings.TrimRight(s.PublicURL, "/")+path)
	switch host := hostOf(s.PublicURL); {
	case err != nil:
		return "", fmt.Errorf("%s cannot be reached: %w", host, err)
	case seen != want:
		return "", fmt.Errorf("%s answers %.3s for %s, and that is not this machine: let your proxy pass it on to %s", host, seen, path,
			s.address())
	default:
		return host + " leads here", nil
	}
}

// look is what stands at an address: the status and the beginning of the body.
func look(ctx context.Context, address string) (string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return "", errors.New("not an address")
	}
	answer, err := http.DefaultClient.Do(r)
	var at *url.Error
	if errors.As(err, &at) {
		err = at.Err
	}
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, 1<<10))
	return fmt.Sprintf("%d %s", answer.StatusCode, body), err
}

// hostOf is an address without what may be secret in it.
func hostOf(address string) string {
	if u, err := url.Parse(address); err == nil {
		return u.Host
	}
	return "the address"
}

// try asks the shop: a system that a connector knows for an order that it does not have, another one for whether it refuses
// what is not signed.
func (s *shopSettings) try(ctx context.Context) (string, error) {
	if s.kind() == webhookShop {
		status, err := hook.Try(ctx, s.WebhookURL)
		return fmt.Sprintf("%s answers, and refuses what is not signed (%d)", hostOf(s.WebhookURL), status), err
	}
	system, err := connectors[s.kind()](s)
	if err == nil {
		_, err = system.Orders(ctx, "no-such-order")
	}
	return cmp.Or(s.Kind, "the shop") + " answers at " + hostOf(s.URL), err
}
