package slack_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"nevermind/adapters/slack/slacktest"
)

// TestManifest: the app that we tell people to make is one that Slack takes, and asks for nothing that is not used.
func TestManifest(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/slack-manifest.yaml")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := yaml.YAMLToJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	specs := slacktest.Specs()
	if specs == "" {
		t.Skip("../shared/specs/slack is not here")
	}
	var manifest any
	if err := json.Unmarshal(raw, &manifest); err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	// Go's regexp knows no looking ahead; that forbids a domain's leading dot, and we name no domain.
	c.UseRegexpEngine(func(s string) (jsonschema.Regexp, error) {
		return regexp.Compile(strings.ReplaceAll(s, `(?![\.\-])`, ""))
	})
	shape, err := c.Compile(filepath.Join(specs, "app-manifest.2.0.0.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := shape.Validate(manifest); err != nil {
		t.Error(err)
	}
	var m struct {
		OAuth struct {
			Scopes struct{ Bot []string } `json:"scopes"`
		} `json:"oauth_config"`
		Settings struct {
			Events struct {
				Bot []string `json:"bot_events"`
			} `json:"event_subscriptions"`
		} `json:"settings"`
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	used := scopes(t, specs, m.Settings.Events.Bot)
	used["/nevermind"] = []string{"commands"}
	for what, any := range used {
		if len(any) > 0 && !slices.ContainsFunc(any, func(s string) bool { return slices.Contains(m.OAuth.Scopes.Bot, s) }) {
			t.Errorf("%s needs one of %v", what, any)
		}
	}
	for _, s := range m.OAuth.Scopes.Bot {
		found := false
		for _, any := range used {
			found = found || slices.Contains(any, s)
		}
		if !found {
			t.Errorf("%s is asked for and not used", s)
		}
	}
}

// scopes are what the methods that are called and the events that are listened to need: one of each list.
func scopes(t *testing.T, specs string, events []string) map[string][]string {
	t.Helper()
	var methods map[string]struct {
		Scope json.RawMessage `json:"scope"`
	}
	var all []struct {
		Name   string
		Scopes []string
	}
	for name, into := range map[string]any{"web-api-methods.docs-2026-08-20.json": &methods,
		"events-index.docs-2026-08-20.json": &all} {
		text, err := os.ReadFile(filepath.Join(specs, name))
		if err == nil {
			err = json.Unmarshal(text, into)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	used := map[string][]string{}
	// files.info stands for reading a file's content.
	for _, m := range []string{"auth.test", "bots.info", "users.info", "chat.postMessage", "chat.update", "chat.postEphemeral",
		"conversations.members", "conversations.info", "conversations.history", "conversations.replies", "conversations.open",
		"views.open", "views.publish", "reactions.add",
		"files.info", "files.getUploadURLExternal", "files.completeUploadExternal"} {
		one, ok := methods[m]
		if !ok {
			t.Errorf("there is no method %s", m)
		}
		var scope struct{ Bot []string }
		json.Unmarshal(one.Scope, &scope) // some have a word about scopes instead
		used[m] = scope.Bot
	}
	for _, e := range events {
		i := slices.IndexFunc(all, func(one struct {
			Name   string
			Scopes []string
		}) bool {
			return one.Name == e
		})
		if i < 0 {
			t.Errorf("there is no event %s", e)
			continue
		}
		used[e] = all[i].Scopes
	}
	return used
}
