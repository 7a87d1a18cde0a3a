package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// TestOpenFolder: a data folder into which everybody may write is refused before anything is made in it.
func TestOpenFolder(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	if err := os.Chmod(data, 0o777); err != nil {
		t.Fatal(err)
	}
	command(t, "", "serve", "--data", data, "--api-key", apiKey, "--listen", "127.0.0.1:0").want(t, exitFailed,
		"everybody on this machine may write into "+data, "chmod o-w")
	if left, err := os.ReadDir(data); err != nil || len(left) > 0 {
		t.Errorf("%v is left behind: %v", left, err)
	}
}

// TestExposures: what stands more open than it has to is said, and nothing else is.
func TestExposures(t *testing.T) {
	shop := func(url, webhook string) serveSettings {
		return serveSettings{Shop: shopSettings{URL: url, WebhookURL: webhook}}
	}
	bots := serveSettings{Telegram: telegramSettings{API: "http://bots.internal:8081"}}
	here, everywhere := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}, &net.TCPAddr{IP: net.IPv4zero}
	for _, c := range []struct {
		name   string
		set    serveSettings
		listen net.Addr
		want   string
	}{
		{"all here", shop("http://localhost:3000", "http://127.0.0.1:9000/hooks"), here, ""},
		{"https", shop("", "https://shop.example/hooks"), here, ""},
		{"the shop's events", shop("", "http://shop.example/hooks"), here, "NEVERMIND_SHOP_WEBHOOK_URL"},
		{"the shop's system", shop("http://10.0.0.5:3000", ""), here, "NEVERMIND_SHOP_URL"},
		{"a Bot API server", bots, here, "NEVERMIND_TELEGRAM_API"},
		{"a listener", serveSettings{Listener: listenerSettings{URL: "http://model.internal/v1"}}, here, "NEVERMIND_LISTENER_URL"},
		{"a listener here", serveSettings{Listener: listenerSettings{URL: "http://127.0.0.1:8081/v1"}}, here, ""},
		{"our own address", serveSettings{PublicURL: "http://nevermind.example"}, here, "NEVERMIND_PUBLIC_URL"},
		{"metrics", serveSettings{}, everywhere, "NEVERMIND_OPERATIONS_LISTEN"},
		{"metrics of their own", serveSettings{Operations: "127.0.0.1:9090"}, everywhere, ""},
	} {
		said := strings.Join(c.set.exposures(c.listen), " | ")
		if (said == "") != (c.want == "") || !strings.Contains(said, c.want) {
			t.Errorf("%s: got %q, want %q", c.name, said, c.want)
		}
	}
}

// TestFolderBelowAnOpenOne: a data folder that somebody else could move away is refused, by whatever name it is called.
func TestFolderBelowAnOpenOne(t *testing.T) {
	t.Parallel()
	open, named := filepath.Join(t.TempDir(), "open"), filepath.Join(t.TempDir(), "link")
	data := filepath.Join(open, "more", "data")
	must(t, errors.Join(os.MkdirAll(data, 0o700), os.Chmod(open, 0o777), os.Symlink(data, named)))
	for _, folder := range []string{data, named, filepath.Join(named, "new"), data + "/./../data"} {
		command(t, "", "serve", "--data", folder, "--api-key", apiKey, "--listen", "127.0.0.1:0").want(t, exitFailed,
			"everybody on this machine may write into "+open)
	}
	must(t, os.Chmod(open, 0o777|os.ModeSticky))
	command(t, "", "import", "--data", data, "/dev/null").want(t, exitDone)
}

// TestStartedOpen: what others on the machine can read by how the program was started is said, and what was meant as a setting.
func TestStartedOpen(t *testing.T) {
	const token = "1:a-telegram-token"
	folder := t.TempDir()
	file := func(name, text string, mode os.FileMode) string {
		path := filepath.Join(folder, name)
		must(t, errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600), os.Chmod(path, mode)))
		return path
	}
	data := filepath.Join(folder, "data")
	must(t, os.Symlink(folder, filepath.Join(folder, "linked")))
	held := secret{func() string { return token }}
	for name, c := range map[string]struct {
		set  *settings
		args []string
		want string
	}{
		"nothing":              {&settings{Data: data}, []string{"serve"}, ""},
		"a flag":               {&settings{Data: data}, []string{"serve", "--telegram-token", token}, "command line"},
		"a flag with its name": {&settings{Data: data}, []string{"serve", "--telegram-token=" + token}, "command line"},
		"a file for all": {
			&settings{Data: data, Config: kong.ConfigFlag(file("a.yaml", "telegram_token: "+token, 0o644))}, nil, "the file of settings",
		},
		"a file for us": {&settings{Data: data, Config: kong.ConfigFlag(file("b.yaml", "telegram_token: "+token, 0o640))}, nil, ""},
		"no secret":     {&settings{Data: data, Config: kong.ConfigFlag(file("c.yaml", "log: warn", 0o644))}, nil, ""},
		"a key for all": {&settings{Data: data, KeyFile: file("x.key", "k", 0o604)}, nil, "the key's file"},
		"a key for us":  {&settings{Data: data, KeyFile: file("y.key", "k", 0o640)}, nil, ""},
		"a ring for all": {
			&settings{Data: data, KeyFile: strings.TrimSuffix(file("z.keyring", "k", 0o644), "ring")}, nil, "the key ring",
		},
		"a key among the data": {
			&settings{Data: data, KeyFile: file("data/house.key", "k", 0o600)}, nil, "the key lies in the data folder",
		},
		"by another name": {
			&settings{Data: data, KeyFile: filepath.Join(folder, "linked", "data", "x", "..", "house.key")}, nil, "the key lies in",
		},
		"files over http": {&settings{Data: data, Files: "s3://files/x?endpoint=http://files.internal"}, nil, "NEVERMIND_FILES"},
		"files here":      {&settings{Data: data, Files: "s3://files/x?endpoint=http://127.0.0.1:9000"}, nil, ""},
		"a mistyped name": {&settings{Data: data, unknown: []string{`"NEVERMIND_LISTENS"`}}, nil, `"NEVERMIND_LISTENS" is no setting`},
	} {
		said := strings.Join(c.set.exposures(c.args, []secret{held}), " | ")
		if (said == "") != (c.want == "") || !strings.Contains(said, c.want) || strings.Contains(said, token) {
			t.Errorf("%s: got %q, want %q", name, said, c.want)
		}
	}
}

// TestUnknownVariables: a variable that is called nearly like a setting is named, whatever stands in it.
func TestUnknownVariables(t *testing.T) {
	var line commands
	parser, err := line.parser(io.Discard, io.Discard, func(int) {})
	must(t, err)
	got := unknownVariables(parser.Model, []string{"NEVERMIND_DATA=/x", "NEVERMIND_OPERATION_LISTEN=127.0.0.1:1", "PATH=/bin",
		"nevermind_api_key=x", "NEVERMIND_API_KEY =x", "NEVERMIND_EMPTY=", "NEVERMIND_TELEGRAM_TOKEN=1:a"})
	want := []string{`"NEVERMIND_API_KEY "`, `"NEVERMIND_OPERATION_LISTEN"`, `"nevermind_api_key"`}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestNothingBeforeAVariable: a line of a file of variables that sets nothing is a fault.
func TestNothingBeforeAVariable(t *testing.T) {
	var c config
	_, err := c.read(strings.NewReader("NEVERMIND_LOG=warn\nexport NEVERMIND_API_KEY=" + apiKey + "\nPATH=/x/NEVERMIND_y\n"))
	must(t, err)
	if got := fmt.Sprint(errors.Join(c.faults...)); got != "config: line 2 does nothing: nothing may stand before NEVERMIND_…" {
		t.Errorf("got %s", got)
	}
}
