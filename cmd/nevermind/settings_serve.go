package main

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// serveSettings is what a server may be told; each is a flag, a variable and a key of the file.
type serveSettings struct {
	Listen     string `help:"${listen}" env:"NEVERMIND_LISTEN" placeholder:"ADDRESS"`
	Operations string `name:"operations-listen" help:"${operations_listen}" env:"NEVERMIND_OPERATIONS_LISTEN" placeholder:"ADDRESS"`
	PublicURL  string `help:"${public_url}" env:"NEVERMIND_PUBLIC_URL" placeholder:"URL"`
	APIKey     secret `help:"${api_key}" env:"NEVERMIND_API_KEY" placeholder:"SECRET"`
	MCP        string `name:"mcp" help:"${mcp}" env:"NEVERMIND_MCP" placeholder:"on"`

	Telegram telegramSettings `embed:"" prefix:"telegram-" envprefix:"NEVERMIND_TELEGRAM_"`
	Slack    slackSettings    `embed:"" prefix:"slack-" envprefix:"NEVERMIND_SLACK_"`
	Shop     shopSettings     `embed:""`
	Listener listenerSettings `embed:"" prefix:"listener-" envprefix:"NEVERMIND_LISTENER_"`
}

// telegramSettings are Telegram's; without a token it is off.
type telegramSettings struct {
	Token         secret `help:"A Telegram bot's token; without one Telegram is off." env:"TOKEN" placeholder:"SECRET"`
	API           string `help:"Another Bot API server." env:"API" placeholder:"URL"`
	Mode          string `help:"poll or webhook; where nothing else is said poll." env:"MODE" placeholder:"MODE"`
	WebhookSecret secret `help:"${telegram_webhook_secret}" env:"WEBHOOK_SECRET" placeholder:"SECRET"`
	Rate          rate   `help:"Messages a second in all; 30 where nothing else is said, 0 is no limit." env:"RATE" placeholder:"N"`
	ChatRate      rate   `help:"${telegram_chat_rate}" env:"CHAT_RATE" placeholder:"N"`
}

// slackSettings are Slack's; without a bot token it is off.
type slackSettings struct {
	BotToken      secret `help:"A Slack bot's token (xoxb-…); without one Slack is off." env:"BOT_TOKEN" placeholder:"SECRET"`
	AppToken      secret `help:"An app-level token (xapp-…): Socket Mode." env:"APP_TOKEN" placeholder:"SECRET"`
	SigningSecret secret `help:"The app's signing secret: HTTP mode." env:"SIGNING_SECRET" placeholder:"SECRET"`
	API           string `help:"Another Web API server." env:"API" placeholder:"URL"`
	Channel       string `help:"The support channel's id." env:"CHANNEL" placeholder:"ID"`
	ChannelRate   rate   `help:"${slack_channel_rate}" env:"CHANNEL_RATE" placeholder:"N"`
}

// What the settings are where nothing is said.
const (
	defaultTelegramAPI = "https://api.telegram.org"
	defaultSlackAPI    = "https://slack.com/api/"
	pollMode           = "poll"
	webhookMode        = "webhook"
)

// How long a secret must be that strangers are let in by, and of how many different signs: guessing must be hopeless.
const (
	leastSecret = 32
	leastSigns  = 8
)

// rate is a count a second. It keeps what was given, so that its fault is told with all others.
type rate struct{ text string }

// UnmarshalText takes the setting as it stands.
func (r *rate) UnmarshalText(text []byte) error {
	r.text = strings.TrimSpace(string(text))
	return nil
}

// per is the count a second; 0 is no limit.
func (r rate) per(unset float64) float64 {
	if n, err := strconv.ParseFloat(r.text, 64); err == nil {
		return n
	}
	return unset
}

// address is where HTTP is served.
func (s *serveSettings) address() string { return cmp.Or(s.Listen, defaultListen) }

// unreachable says whether nothing is set by which anybody could come in.
func (s *serveSettings) unreachable() bool {
	return !s.APIKey.set() && !s.Telegram.Token.set() && !s.Slack.BotToken.set()
}

// nothingSet is what a server without a way in is told.
const nothingSet = `nobody could reach this server: no platform and no key is set. Set at least one of
  NEVERMIND_TELEGRAM_TOKEN  a Telegram bot's token, from @BotFather
  NEVERMIND_SLACK_BOT_TOKEN with NEVERMIND_SLACK_APP_TOKEN or NEVERMIND_SLACK_SIGNING_SECRET  a Slack app
  NEVERMIND_API_KEY  a long random text, the shop's key for calls to /v1; or make a key with “nevermind keys add”
"nevermind serve --help" lists everything that can be set; "nevermind demo" needs nothing`

// faultList collects faults of settings; what was given is never repeated where it may hold a
// secret.
type faultList []error

// add adds a fault of a variable, with what would be right.
func (f *faultList) add(variable, format string, args ...any) {
	*f = append(*f, fmt.Errorf(variable+": "+format, args...))
}

// faults is everything that is wrong with the settings, each with what would be right.
func (s *serveSettings) faults() []error {
	var f faultList
	f.address("NEVERMIND_LISTEN", s.Listen)
	f.address("NEVERMIND_OPERATIONS_LISTEN", s.Operations)
	f.url("NEVERMIND_PUBLIC_URL", s.PublicURL)
	f.header("NEVERMIND_API_KEY", s.APIKey)
	f.guessable("NEVERMIND_API_KEY", s.APIKey)
	if s.MCP != "" && s.MCP != "on" && s.MCP != "off" {
		f.add("NEVERMIND_MCP", "is neither on nor off")
	}
	s.Telegram.inspect(&f, s.PublicURL)
	s.Slack.inspect(&f)
	s.Shop.inspect(&f)
	s.Listener.inspect(&f)
	return f
}

var (
	botToken      = regexp.MustCompile(`^[0-9]+:[A-Za-z0-9_-]+$`)
	pathSafe      = regexp.MustCompile(`^[A-Za-z0-9_:.~-]+$`)
	webhookSecret = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)
	channelID     = regexp.MustCompile(`^[CG][A-Z0-9]+$`)
)

// inspect looks for faults; public is the address the platforms reach us at.
func (t *telegramSettings) inspect(f *faultList, public string) {
	ours := cmp.Or(t.API, defaultTelegramAPI) == defaultTelegramAPI
	f.filled("NEVERMIND_TELEGRAM_TOKEN", t.Token)
	if t.Token.set() && (!pathSafe.MatchString(t.Token.text()) || ours && !botToken.MatchString(t.Token.text())) {
		f.add("NEVERMIND_TELEGRAM_TOKEN", "not a bot's token; @BotFather gives one like 123456789:AAE…")
	}
	f.url("NEVERMIND_TELEGRAM_API", t.API)
	switch t.Mode {
	case "", pollMode:
	case webhookMode:
		switch {
		case public == "":
			f.add("NEVERMIND_TELEGRAM_MODE",
				"webhook needs NEVERMIND_PUBLIC_URL, the https:// address Telegram reaches us at; or use poll")
		case ours && !strings.HasPrefix(public, "https://"):
			f.add("NEVERMIND_PUBLIC_URL", "Telegram sends webhooks to https:// addresses alone; or use NEVERMIND_TELEGRAM_MODE=poll")
		}
	default:
		f.add("NEVERMIND_TELEGRAM_MODE", "%.32q is neither poll nor webhook", t.Mode)
	}
	f.filled("NEVERMIND_TELEGRAM_WEBHOOK_SECRET", t.WebhookSecret)
	if t.WebhookSecret.set() && !webhookSecret.MatchString(t.WebhookSecret.text()) {
		f.add("NEVERMIND_TELEGRAM_WEBHOOK_SECRET", "Telegram takes up to 256 of the signs A-Z, a-z, 0-9, _ and -")
	} else {
		f.guessable("NEVERMIND_TELEGRAM_WEBHOOK_SECRET", t.WebhookSecret)
	}
	f.rate("NEVERMIND_TELEGRAM_RATE", t.Rate)
	f.rate("NEVERMIND_TELEGRAM_CHAT_RATE", t.ChatRate)
}

// inspect looks for faults; Slack needs tokens that belong together.
func (s *slackSettings) inspect(f *faultList) {
	f.token("NEVERMIND_SLACK_BOT_TOKEN", s.BotToken, "xoxb-")
	f.token("NEVERMIND_SLACK_APP_TOKEN", s.AppToken, "xapp-")
	f.header("NEVERMIND_SLACK_SIGNING_SECRET", s.SigningSecret)
	f.guessable("NEVERMIND_SLACK_SIGNING_SECRET", s.SigningSecret)
	switch {
	case s.BotToken.set() && !s.AppToken.set() && !s.SigningSecret.set():
		f.add("NEVERMIND_SLACK_BOT_TOKEN",
			"Slack needs a second one: NEVERMIND_SLACK_APP_TOKEN (Socket Mode) or NEVERMIND_SLACK_SIGNING_SECRET (HTTP mode)")
	case !s.BotToken.set() && s.AppToken.set():
		f.add("NEVERMIND_SLACK_APP_TOKEN", "Slack needs NEVERMIND_SLACK_BOT_TOKEN (xoxb-…) too")
	case !s.BotToken.set() && s.SigningSecret.set():
		f.add("NEVERMIND_SLACK_SIGNING_SECRET", "Slack needs NEVERMIND_SLACK_BOT_TOKEN (xoxb-…) too")
	}
	f.url("NEVERMIND_SLACK_API", s.API)
	if s.Channel != "" && !channelID.MatchString(s.Channel) {
		f.add("NEVERMIND_SLACK_CHANNEL", "not a channel's id; Slack shows it below the channel's details, like C0123ABCDEF")
	}
	f.rate("NEVERMIND_SLACK_CHANNEL_RATE", s.ChannelRate)
}

// filled wants a secret that was given not to be empty.
func (f *faultList) filled(variable string, s secret) {
	if s.blank(variable) {
		f.add(variable, "is empty; give it, or leave it out altogether")
	}
}

// header checks a secret that travels in a header of HTTP, or could.
func (f *faultList) header(variable string, s secret) {
	f.filled(variable, s)
	if strings.ContainsFunc(s.text(), func(r rune) bool { return r <= ' ' || r > '~' }) {
		f.add(variable, "only visible ASCII signs without blanks can be sent in a header")
	}
}

// guessable refuses a secret that strangers could find out by trying; whoever has it is let in.
func (f *faultList) guessable(variable string, s secret) {
	switch n := len(s.text()); {
	case !s.set():
	case n < leastSecret:
		f.add(variable, "has %d characters, at least %d cannot be guessed: openssl rand -hex 32", n, leastSecret)
	case monotonous(s.text()), orderly(s.text()):
		f.add(variable, "is made of a few signs over and over or in order, and can be guessed: openssl rand -hex 32")
	}
}

// monotonous says whether a text, or what it is the base64 of, has so few different signs that nobody has drawn it at random.
func monotonous(text string) bool {
	return eitherWay(text, func(text string) bool {
		signs := map[byte]bool{}
		for i := range len(text) {
			signs[text[i]] = true
		}
		return len(signs) < leastSigns
	})
}

// orderly says whether a text, or what it is the base64 of, repeats itself, or has mostly signs that are neighbours of those
// before them, as 123 or aabb: it stands in every list that is tried.
func orderly(text string) bool {
	return eitherWay(text, func(text string) bool {
		neighbours := 0
		for i := 1; i < len(text); i++ {
			if step := int(text[i]) - int(text[i-1]); step >= -1 && step <= 1 {
				neighbours++
			}
		}
		for period := 1; period <= len(text)/2; period++ {
			if text[period:] == text[:len(text)-period] {
				return true
			}
		}
		return neighbours > len(text)/2
	})
}

// eitherWay says whether something holds of a text or of what it is the base64 of.
func eitherWay(text string, holds func(text string) bool) bool {
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	return holds(text) || err == nil && holds(string(raw))
}

// token checks a platform's token by how it begins.
func (f *faultList) token(variable string, s secret, prefix string) {
	f.header(variable, s)
	if s.set() && !strings.HasPrefix(s.text(), prefix) {
		f.add(variable, "not the right kind of token; this one begins with %s", prefix)
	}
}

// rate checks a count a second.
func (f *faultList) rate(variable string, r rate) {
	n, err := strconv.ParseFloat(r.text, 64)
	if r.text != "" && (err != nil || !(n >= 0 && n <= 1e6)) {
		f.add(variable, "%.32q is not a count a second; a number such as 30 or 0.5, 0 is no limit", r.text)
	}
}

// url checks an address for requests; an empty one is fine.
func (f *faultList) url(variable, text string) {
	if text == "" {
		return
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.Fragment != "" {
		f.add(variable, "not an address; one begins with https:// or http:// and names a host")
	}
}

// address checks a host and port to listen on; an empty one is fine.
func (f *faultList) address(variable, text string) {
	if text == "" {
		return
	}
	_, port, err := net.SplitHostPort(text)
	if n, wrong := strconv.Atoi(port); err != nil || wrong != nil || n < 0 || n > 65535 {
		f.add(variable, "%.64q is no host and port to listen on; such as 127.0.0.1:8080 or :8080", text)
	}
}
