package slack

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/slack-go/slack"
)

// Found is what Slack says of an app.
type Found struct {
	Team, User string
	Missing    []string // scopes of our manifest that the app was not given; none where Slack does not say
}

// scopes are what the app needs: those of docs/slack-manifest.yaml.
var scopes = []string{"chat:write", "commands", "users:read", "channels:read", "channels:history", "groups:read",
	"groups:history", "im:history", "im:write", "files:read", "reactions:write", "files:write"}

// Try asks Slack about the app of the tokens in cfg and the channel, those of them that are there, and starts nothing. An
// error is a sentence for the operator.
func Try(ctx context.Context, cfg Config) (found Found, err error) {
	cfg.API = strings.TrimRight(cmp.Or(cfg.API, slack.APIURL), "/") + "/"
	api := newClient(cfg, callTimeout, http.DefaultTransport)
	who, err := api.AuthTestContext(ctx)
	if err != nil {
		return found, tryError(err, "the bot token (xoxb-…)")
	}
	found.Team, found.User = who.Team, who.User
	if given := who.Header.Get("X-OAuth-Scopes"); given != "" {
		has := strings.Split(strings.ReplaceAll(given, " ", ""), ",")
		found.Missing = slices.DeleteFunc(slices.Clone(scopes), func(s string) bool { return slices.Contains(has, s) })
	}
	if cfg.AppToken != "" {
		if _, _, err := api.StartSocketModeContext(ctx); err != nil {
			return found, tryError(err, "the app-level token (xapp-…, with the scope connections:write)")
		}
	}
	if cfg.Channel == "" {
		return found, nil
	}
	c, err := api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: cfg.Channel})
	switch {
	case err != nil && strings.Contains(err.Error(), faultNotFound):
		const msg = "Slack shows @%s no such channel: is the id right? Into a private one write /invite @%[1]s first"
		return found, fmt.Errorf(msg, found.User) //nolint:staticcheck // it is a whole sentence
	case err != nil:
		return found, tryError(err, "the support channel")
	case c.IsArchived:
		return found, errors.New("the support channel is archived: choose another, or bring it back")
	case !c.IsMember:
		return found, fmt.Errorf("@%s is not in the support channel: write /invite @%[1]s there", found.User)
	}
	return found, nil
}

// tryError says what Slack refused, or that it cannot be reached.
func tryError(err error, what string) error {
	var refused slack.SlackErrorResponse
	if errors.As(err, &refused) {
		return fmt.Errorf("Slack refuses %s: %s", what, refused.Err) //nolint:staticcheck // it is a whole sentence
	}
	return fmt.Errorf("Slack cannot be reached: %w", err) //nolint:staticcheck // it is a whole sentence
}
