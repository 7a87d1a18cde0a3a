package rest

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"nevermind/adapters/shop"
)

// linkRequest is whom a link is for.
type linkRequest struct {
	Role     string `json:"role" enum:"buyer,seller" example:"buyer"`
	ID       string `json:"id" doc:"Your own id of the person, as orders name it" minLength:"1" maxLength:"64" example:"b-1"`
	Name     string `json:"name" required:"false" maxLength:"100" example:"Ana"`
	Locale   string `json:"locale" required:"false" doc:"BCP 47; the language is kept" example:"es"`
	TimeZone string `json:"time_zone" required:"false" doc:"IANA" example:"Europe/Madrid"`
}

// link is a one-time token and how a person uses it.
type link struct {
	Token        string    `json:"token" doc:"Works once, in a private chat, until it expires"`
	TelegramURL  string    `json:"telegram_url" doc:"Opens the chat on Telegram; empty while no bot is known"`
	SlackCommand string    `json:"slack_command" doc:"What the person sends in Slack"`
	ExpiresAt    time.Time `json:"expires_at"`
}

// linkAnswer is the answer to a linkRequest.
type linkAnswer struct{ Body link }

// links registers the call that makes a one-time link.
func (a *API) links(routes huma.API) {
	huma.Register(routes, huma.Operation{
		OperationID: "make-link", Method: http.MethodPost, Path: "/v1/links", Tags: []string{"People"},
		Summary: "Link a person to a chat",
		Description: "Makes a token that works once, for ten minutes, in a private chat. Who opens it there is asked whether the " +
			"account is theirs. " +
			"The token is kept as a hash only, so this answer is the one place where it stands.",
		Errors: writeErrors,
	}, a.makeLink)
	whom := a.schema(typeOf[linkRequest](), "LinkRequest")
	a.document.Paths["/v1/links"].Post.RequestBody = bodyOf(whom, "application/json", "Whom it is for")
}

// makeLink stores the person and makes a token by which one chat can become theirs.
func (a *API) makeLink(ctx context.Context, call *body) (*linkAnswer, error) {
	text, err := call.read()
	if err != nil {
		return nil, err
	}
	who, err := shop.DecodeLink(text)
	if err != nil {
		return nil, a.asProblem(ctx, err, "person")
	}
	// The token is in no log and no store but as a hash; this answer is where it stands.
	token, expires, err := a.cfg.Engine.Invite(ctx, who)
	if err != nil {
		return nil, a.asProblem(ctx, err, "person")
	}
	l := link{Token: token, SlackCommand: "/nevermind link " + token, ExpiresAt: expires.UTC()}
	if name := a.bot(); name != "" {
		l.TelegramURL = "https://t.me/" + url.PathEscape(name) + "?start=" + url.QueryEscape(token)
	}
	return &linkAnswer{l}, nil
}

// bot is the Telegram bot's name without @; empty while it is not known.
func (a *API) bot() string {
	if a.cfg.Bot == nil {
		return ""
	}
	return a.cfg.Bot()
}
