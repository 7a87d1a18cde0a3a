package slack_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"nevermind/adapters/slack"
	"nevermind/adapters/slack/slacktest"
)

// TestTry: each thing that is wrong is said by its name.
func TestTry(t *testing.T) {
	t.Parallel()
	office := slacktest.New(t, nil)
	right := slack.Config{BotToken: slacktest.BotToken, AppToken: slacktest.AppToken, API: office.API(), Channel: "C0DESK"}
	try := func(change func(*slack.Config)) string {
		cfg := right
		change(&cfg)
		found, err := slack.Try(t.Context(), cfg)
		if err == nil {
			return "ok " + found.Team + " " + found.User + strings.Join(found.Missing, ",")
		}
		return err.Error()
	}
	same := func(*slack.Config) {}
	want := func(got, words string) {
		t.Helper()
		if !strings.Contains(got, words) {
			t.Errorf("got %q, want %q in it", got, words)
		}
	}
	want(try(same), "no such channel")
	office.Channel("C0DESK", "UMIRA")
	want(try(same), "ok Never nevermind")
	office.Leave(slacktest.BotUser, "C0DESK")
	want(try(same), "/invite @nevermind")
	office.Channel("C0DESK", "UMIRA")
	office.Archive("UMIRA", "C0DESK")
	want(try(same), "archived")
	want(try(func(c *slack.Config) { c.BotToken = "xoxb-other" }), "refuses the bot token (xoxb-…): invalid_auth")
	want(try(func(c *slack.Config) { c.AppToken = "xapp-other" }), "refuses the app-level token")
	want(try(func(c *slack.Config) { c.API = "http://127.0.0.1:1/" }), "cannot be reached")
}

// TestScopes: what is looked for is what the manifest asks for.
func TestScopes(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/slack-manifest.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var manifest struct {
		OAuth struct {
			Scopes struct{ Bot []string }
		} `yaml:"oauth_config"`
	}
	if err := yaml.Unmarshal(text, &manifest); err != nil {
		t.Fatal(err)
	}
	if got := manifest.OAuth.Scopes.Bot; !slices.Equal(got, slack.Scopes) {
		t.Errorf("the manifest asks for %q, Try looks for %q", got, slack.Scopes)
	}
}
