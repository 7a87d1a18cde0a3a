package telegram

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
)

// problemPlaces are the places where the adapter can be kept from working, the most telling first: it has not started, the
// token is wrong, Telegram cannot be asked who the bot is or polled, it sends updates that cannot be confirmed, it cannot be told
// of the webhook or the menus. A place has at most one problem, which is over when that place works and not when another does;
// Ready tells the first.
var problemPlaces = []string{"start", "token", "poll", "updates", "webhook", "menus"}

// Ready says what keeps the adapter from working, in a sentence for the operator; nil where nothing does.
func (a *Adapter) Ready(context.Context) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, place := range problemPlaces {
		if sentence := a.problems[place]; sentence != "" {
			return errors.New(sentence)
		}
	}
	return nil
}

// reportProblem remembers what keeps a place from working. It logs the sentence once, not at each attempt: again only when
// another has come between, or the place has worked.
func (a *Adapter) reportProblem(place, sentence string) {
	a.mu.Lock()
	a.problems[place] = sentence
	known := a.reported[place] == sentence
	a.reported[place] = sentence
	a.mu.Unlock()
	if !known {
		a.cfg.Log.Error("telegram does not work", "why", sentence)
	}
}

// clearProblem is called when a place works. It logs that where there was a problem.
func (a *Adapter) clearProblem(place string) {
	a.mu.Lock()
	was := a.problems[place]
	delete(a.problems, place)
	delete(a.reported, place)
	a.mu.Unlock()
	if was != "" && place != "start" {
		a.cfg.Log.Info("telegram works again")
	}
}

// describeProblem says in a sentence what a failed call of a place means for the operator, and in which place the problem is;
// empty where it is no problem of theirs.
func (a *Adapter) describeProblem(of string, err error) (place, sentence string) {
	var refused *apiError
	host := a.cfg.API
	if u, err := url.Parse(host); err == nil {
		host = u.Host
	}
	switch {
	case errors.As(err, &refused) && refused.unauthorized():
		return "token", "Telegram does not know this bot's token: it was revoked or mistyped; " +
			"ask @BotFather for the present one and set NEVERMIND_TELEGRAM_TOKEN."
	case errors.As(err, &refused) && refused.Code == http.StatusConflict && strings.Contains(refused.Description, "webhook"):
		return of, "A webhook is set for this bot, so nothing can be polled: remove it, or set NEVERMIND_TELEGRAM_MODE=webhook."
	case errors.As(err, &refused) && refused.Code == http.StatusConflict:
		return of, "Another program polls with this bot's token: stop it, or give this one a token of its own."
	case errors.As(err, &refused) && refused.Code == http.StatusTooManyRequests:
		return "", ""
	default:
		return of, "Telegram cannot be reached at " + host + "; trying again."
	}
}
