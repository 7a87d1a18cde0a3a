package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// promised are the settings of the operator's contract.
var promised = []string{
	"DATA", "STORE", "LISTEN", "PUBLIC_URL", "POLICY", "API_KEY", "TELEGRAM_TOKEN", "TELEGRAM_API", "TELEGRAM_MODE",
	"TELEGRAM_WEBHOOK_SECRET", "TELEGRAM_RATE", "TELEGRAM_CHAT_RATE", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN",
	"SLACK_SIGNING_SECRET", "SLACK_API", "SLACK_CHANNEL", "SLACK_CHANNEL_RATE", "KEY", "KEY_FILE", "KEYRING", "SHOP_WEBHOOK_URL",
	"SHOP_WEBHOOK_SECRET", "LOG", "FILES", "SHOP", "SHOP_URL", "SHOP_TOKEN", "SHOP_PAGE", "SHOP_SETTLES",
	"LISTENER_URL", "LISTENER_KEY", "LISTENER_MODEL",
}

// TestEverySetting gives each setting as a key of the file, a variable and a flag: the flag beats the variable, the
// variable beats the file.
func TestEverySetting(t *testing.T) {
	for _, name := range promised {
		t.Run(name, func(t *testing.T) {
			plain(t)
			file := filepath.Join(t.TempDir(), "settings.yaml")
			key := strings.ToLower(name)
			write(t, file, key+": from-file\n")
			if got := given(t, name, "--config", file); got != "from-file" {
				t.Errorf("in the file: got %q", got)
			}
			write(t, file, flagOf(name)+": from-file\n")
			if got := given(t, name, "--config", file); got != "from-file" {
				t.Errorf("in the file, by the flag's name: got %q", got)
			}
			write(t, file, "# as systemd reads it\n\nAWS_REGION=eu\nNEVERMIND_"+name+"='from-file'\n")
			if got := given(t, name, "--config", file); got != "from-file" {
				t.Errorf("in a file of variables: got %q", got)
			}
			t.Setenv("NEVERMIND_"+name, "from-variable")
			if got := given(t, name, "--config", file); got != "from-variable" {
				t.Errorf("the variable beside the file: got %q", got)
			}
			if got := given(t, name, "--config", file, "--"+flagOf(name), "from-flag"); got != "from-flag" {
				t.Errorf("the flag beside both: got %q", got)
			}
		})
	}
}

func flagOf(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "-")) }

// given is what serve would work with.
func given(t *testing.T, name string, args ...string) string {
	t.Helper()
	var line commands
	parser, err := line.parser(io.Discard, io.Discard, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := parser.Parse(append([]string{"serve"}, args...))
	if err != nil {
		t.Fatal(err)
	}
	for _, flag := range parsed.Flags() {
		if flag.Name != flagOf(name) {
			continue
		}
		switch v := parsed.FlagValue(flag).(type) {
		case secret:
			return v.text()
		case rate:
			return v.text
		default:
			return fmt.Sprint(v)
		}
	}
	t.Fatalf("there is no flag --%s", flagOf(name))
	return ""
}

// allWrong is a fault in every setting that can have one.
var allWrong = map[string]string{
	"STORE": "redis://x", "LISTEN": "here", "PUBLIC_URL": "shop.example", "POLICY": "/no/such/policy", "API_KEY": "two words",
	"TELEGRAM_TOKEN": "no-colon", "TELEGRAM_MODE": "push", "TELEGRAM_WEBHOOK_SECRET": "a b",
	"TELEGRAM_RATE": "-1", "TELEGRAM_CHAT_RATE": "fast", "SLACK_BOT_TOKEN": "xoxp-1", "SLACK_APP_TOKEN": "xoxb-1",
	"SLACK_SIGNING_SECRET": "ü", "SLACK_API": "slack", "SLACK_CHANNEL": "#help", "SLACK_CHANNEL_RATE": "NaN", "KEY": "short",
	"SHOP_WEBHOOK_URL": "shop", "SHOP_WEBHOOK_SECRET": "whsec_!", "LOG": "loud", "FILES": "ftp://files",
	"SHOP": "corner", "SHOP_URL": "shop", "SHOP_TOKEN": "two words", "SHOP_PAGE": "page", "SHOP_SETTLES": "maybe",
	"LISTENER_URL": "model", "LISTENER_KEY": "two words",
}

// TestAllFaultsAtOnce: serve and check tell every fault in one go, each with its setting and what would be right.
func TestAllFaultsAtOnce(t *testing.T) {
	plain(t)
	for name, value := range allWrong {
		t.Setenv("NEVERMIND_"+name, value)
	}
	file := filepath.Join(t.TempDir(), "settings.yaml")
	write(t, file, "colour: blue\nflavour: [a]\n")
	for command, code := range map[string]int{"serve": exitWrongUse, "check": exitFailed} {
		r := later(t, 0, "", command, "--config", file)
		r.want(t, code, `"colour"`, `"flavour"`)
		for name := range allWrong {
			if !strings.Contains(r.out+r.errs, "NEVERMIND_"+name+":") {
				t.Errorf("%s says nothing of NEVERMIND_%s:\n%s%s", command, name, r.out, r.errs)
			}
		}
	}
}

// TestShopFaults names each fault that the settings of the shop can have together.
func TestShopFaults(t *testing.T) {
	const key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	vendure := map[string]string{"SHOP": "vendure", "SHOP_URL": "http://x", "SHOP_TOKEN": "a:b", "SHOP_WEBHOOK_SECRET": key}
	for name, c := range map[string]struct {
		without string
		with    map[string]string
		says    string // empty: nothing is wrong
	}{
		"whole":               {"", nil, ""},
		"without events":      {"SHOP_WEBHOOK_SECRET", nil, ""},
		"without a key":       {"SHOP_TOKEN", nil, "NEVERMIND_SHOP_TOKEN: vendure needs it"},
		"nowhere":             {"SHOP_URL", nil, "NEVERMIND_SHOP_URL: vendure needs it"},
		"nobody's":            {"SHOP", nil, "NEVERMIND_SHOP whose"},
		"unknown":             {"", map[string]string{"SHOP": "corner"}, "one of webhook,"},
		"two shops":           {"", map[string]string{"SHOP_WEBHOOK_URL": "http://x"}, "leave this out"},
		"webhooks to nowhere": {"SHOP_URL", map[string]string{"SHOP": "webhook", "SHOP_TOKEN": ""}, "NEVERMIND_SHOP_WEBHOOK_URL"},
	} {
		t.Run(name, func(t *testing.T) {
			plain(t)
			t.Setenv("NEVERMIND_API_KEY", apiKey)
			for variable, value := range vendure {
				if variable != c.without {
					t.Setenv("NEVERMIND_"+variable, value)
				}
			}
			for variable, value := range c.with {
				t.Setenv("NEVERMIND_"+variable, value)
			}
			r := command(t, "", "check")
			if code := map[bool]int{true: exitDone, false: exitFailed}[c.says == ""]; code != r.code {
				t.Errorf("got %d:\n%s%s", r.code, r.out, r.errs)
			}
			r.want(t, r.code, c.says)
		})
	}
}

// TestFaults names each fault that a single setting, or one that lacks its other half, can have.
func TestFaults(t *testing.T) {
	const slack, key, signing = "xoxb-1", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "8f742231b10e8888abcd99yyyzzz85a5"
	for name, c := range map[string]struct {
		set  map[string]string
		says string // empty: nothing is wrong
	}{
		"a key alone":            {map[string]string{"API_KEY": apiKey}, ""},
		"a bot":                  {map[string]string{"TELEGRAM_TOKEN": "1:a"}, ""},
		"a bot elsewhere":        {map[string]string{"TELEGRAM_TOKEN": "any", "TELEGRAM_API": "http://127.0.0.1:1"}, ""},
		"slack's socket":         {map[string]string{"SLACK_BOT_TOKEN": slack, "SLACK_APP_TOKEN": "xapp-1"}, ""},
		"slack over HTTP":        {map[string]string{"SLACK_BOT_TOKEN": slack, "SLACK_SIGNING_SECRET": signing}, ""},
		"a shop":                 {map[string]string{"SHOP_WEBHOOK_URL": "http://10.0.0.1/x", "SHOP_WEBHOOK_SECRET": key}, ""},
		"another server":         {map[string]string{"TELEGRAM_API": "ftp://x"}, "NEVERMIND_TELEGRAM_API"},
		"no limit":               {map[string]string{"TELEGRAM_RATE": "0"}, ""},
		"slack without a way in": {map[string]string{"SLACK_BOT_TOKEN": slack}, "NEVERMIND_SLACK_SIGNING_SECRET"},
		"slack without its bot":  {map[string]string{"SLACK_APP_TOKEN": "xapp-1"}, "NEVERMIND_SLACK_BOT_TOKEN"},
		"slack's secret alone":   {map[string]string{"SLACK_SIGNING_SECRET": signing}, "NEVERMIND_SLACK_BOT_TOKEN"},
		"a shop unsigned":        {map[string]string{"SHOP_WEBHOOK_URL": "http://10.0.0.1/x"}, "NEVERMIND_SHOP_WEBHOOK_SECRET"},
		"a signature for nobody": {map[string]string{"SHOP_WEBHOOK_SECRET": key}, "NEVERMIND_SHOP_WEBHOOK_URL"},
		"a short signing key": {
			map[string]string{"SHOP_WEBHOOK_URL": "http://x", "SHOP_WEBHOOK_SECRET": "whsec_YWJj"}, "24 to 64",
		},
		"webhooks without an address": {map[string]string{"TELEGRAM_MODE": "webhook"}, "NEVERMIND_PUBLIC_URL"},
		"webhooks without TLS":        {map[string]string{"TELEGRAM_MODE": "webhook", "PUBLIC_URL": "http://x"}, "https://"},
		"a key to guess":              {map[string]string{"API_KEY": "a"}, "NEVERMIND_API_KEY: has 1 characters, at least 32"},
		"a blank secret":              {map[string]string{"API_KEY": " "}, "NEVERMIND_API_KEY: is empty"},
		"a listener":                  {map[string]string{"LISTENER_URL": "http://127.0.0.1:1/v1", "LISTENER_MODEL": "m"}, ""},
		"a listener without a model":  {map[string]string{"LISTENER_URL": "https://x/v1"}, "NEVERMIND_LISTENER_MODEL"},
		"a model nowhere":             {map[string]string{"LISTENER_MODEL": "m"}, "NEVERMIND_LISTENER_URL"},
		"two keys":                    {map[string]string{"KEY": key, "KEY_FILE": "/x"}, "one of the two"},
		"a short key":                 {map[string]string{"KEY": "YWJj"}, "32 random bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			plain(t)
			for setting, value := range c.set {
				t.Setenv("NEVERMIND_"+setting, value)
			}
			if r := command(t, "", "check"); c.says == "" {
				r.want(t, exitDone, "ok:")
			} else {
				r.want(t, exitFailed, c.says)
			}
		})
	}
}

// TestEmptySecret: a flag or a line of the file that gives a secret as nothing is a mistake; an empty variable is none.
func TestEmptySecret(t *testing.T) {
	plain(t)
	command(t, "", "check").want(t, exitDone, "ok:")
	os.Unsetenv("NEVERMIND_KEY") // plain brings it back
	command(t, "", "check", "--key=").want(t, exitFailed, "NEVERMIND_KEY: is empty")
}

// TestSecretStaysSecret prints a secret in every way there is.
func TestSecretStaysSecret(t *testing.T) {
	const canary = "canary-4711"
	var s struct{ hidden, Seen secret }
	if err := s.hidden.UnmarshalText([]byte(canary)); err != nil {
		t.Fatal(err)
	}
	s.Seen = s.hidden
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("settings", "secret", s.Seen, "all", s, "pointer", &s)
	slog.New(slog.NewTextHandler(&log, nil)).Info("settings", "secret", s.Seen, "all", s, "pointer", &s)
	j, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	all := log.String() + string(j)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		all += fmt.Sprintf(verb+verb+verb, s.Seen, s, &s)
	}
	if strings.Contains(all, canary) || strings.Contains(all, fmt.Sprintf("%x", canary)) {
		t.Errorf("the secret is shown: %s", all)
	}
	if s.Seen.text() != canary {
		t.Errorf("revealed: got %q, want %q", s.Seen.text(), canary)
	}
}

// TestVariablesFile: what is wrong in a file of variables is told, and the sample says nothing.
func TestVariablesFile(t *testing.T) {
	plain(t)
	file := filepath.Join(t.TempDir(), "nevermind.env")
	write(t, file, "NEVERMIND_LOG=loud\nNEVERMIND_COLOUR=blue\nand so on\nNEVERMIND_STORE=\n")
	command(t, "", "check", "--config", file).want(t, exitFailed, `NEVERMIND_LOG: "loud"`, `"colour"`, "line 3", "3 faults")
	command(t, "", "check", "--config", "../../deploy/nevermind.env").want(t, exitDone, "ok: ")
}

// TestSampleSettings: every setting that the sample names is one, and what it shows beside them would be right.
func TestSampleSettings(t *testing.T) {
	sample, err := os.ReadFile("../../deploy/nevermind.env")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`(?m)^#(NEVERMIND_[A-Z_]+)=\S+$`).FindAllStringSubmatch(string(sample), -1)
	if len(named) < 15 {
		t.Fatalf("the sample names %d settings", len(named))
	}
	file := filepath.Join(t.TempDir(), "nevermind.env")
	for _, m := range named {
		plain(t)
		write(t, file, m[0][1:]+"\n")
		r := command(t, "", "check", "--config", file)
		if strings.Contains(r.out, "there is no setting") {
			t.Errorf("%s: %s", m[1], r.out)
		}
	}
}

// TestSampleHasEverySetting: what a server may be told stands in the sample, so that nobody has to look elsewhere for its name.
func TestSampleHasEverySetting(t *testing.T) {
	t.Parallel()
	sample, err := os.ReadFile("../../deploy/nevermind.env")
	if err != nil {
		t.Fatal(err)
	}
	var l commands
	k, err := l.parser(io.Discard, io.Discard, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, node := range k.Model.Leaves(true) {
		if node.Name != "serve" {
			continue
		}
		for _, group := range node.AllFlags(true) {
			for _, flag := range group {
				for _, variable := range flag.Envs {
					seen++
					if !strings.Contains(string(sample), "\n#"+variable+"=") {
						t.Errorf("deploy/nevermind.env says nothing of %s", variable)
					}
				}
			}
		}
	}
	if seen < 30 {
		t.Fatalf("the server has %d settings: the test looks in the wrong place", seen)
	}
}

// TestGuessedSecrets: a secret by which strangers are let in is refused where they could find it out by trying.
func TestGuessedSecrets(t *testing.T) {
	zeros := strings.Repeat("A", 43) + "="
	for name, c := range map[string]struct{ flag, value, says string }{
		"a key of one sign":         {"api-key", strings.Repeat("a", 64), "a few signs over and over"},
		"a key of few words":        {"api-key", strings.Repeat("no-no-", 8), "a few signs over and over"},
		"a key in blanks":           {"api-key", " \t" + apiKey + "\n", ""},
		"a short hook secret":       {"telegram-webhook-secret", "a", "at least 32 cannot be guessed"},
		"a hook secret of one sign": {"telegram-webhook-secret", strings.Repeat("_", 40), "TELEGRAM_WEBHOOK_SECRET: is made of"},
		"a good hook secret":        {"telegram-webhook-secret", "e3b0c44298fc1c149afbf4c8996fb924", ""},
		"slack's secret made up":    {"slack-signing-secret", "s3cret", "SIGNING_SECRET: has 6"},
		"a signing key of zeros":    {"shop-webhook-secret", "whsec_" + zeros, "SHOP_WEBHOOK_SECRET: can be guessed"},
		"a house key of zeros":      {"key", zeros, "NEVERMIND_KEY: can be guessed"},
		"a house key":               {"key", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=", ""},
	} {
		plain(t)
		var line commands
		parser, err := line.parser(io.Discard, io.Discard, func(int) {})
		must(t, err)
		_, err = parser.Parse([]string{"serve", "--" + c.flag + "=" + c.value})
		must(t, err)
		got := fmt.Sprint(errors.Join(append(line.Serve.Serving.faults(), line.keyFault())...))
		if c.says != "" && !strings.Contains(got, c.says) || c.says == "" && strings.Contains(got, "guessed") {
			t.Errorf("%s: got %s, want %q", name, got, c.says)
		}
	}
}
