package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"nevermind/adapters/mcp"
	"nevermind/bot"
	"nevermind/flows"
)

// letInAssistants has the flows and the policy of this server let buyers' own assistants in, where that is set.
func (s *site) letInAssistants(f *bot.Flows, p *bot.Policy) {
	if s.MCP == "on" {
		flows.WithAssistants(f)
		p.Choices["assistants"] = "on"
	}
}

// assistants is the door for buyers' own assistants, where it is set.
func (s *site) assistants() (http.Handler, error) {
	if s.MCP != "on" {
		return http.NotFoundHandler(), nil
	}
	names := flows.AllNames()
	return mcp.New(mcp.Config{
		Assistants: s.engine.Assistants(), Engine: s.engine, Origins: s.origins(), Version: versionName(), Seen: flows.Seen,
		Events: names.Events, States: names.States, Log: s.log}).Handler(), nil
}

// origins are where a browser's page may call the door from: this server's own address alone.
func (s *site) origins() []string {
	u, err := url.Parse(s.PublicURL)
	if err != nil || u.Host == "" {
		return nil
	}
	return []string{u.Scheme + "://" + u.Host}
}

// mcpCommand is the bridge from a buyer's machine: their assistant starts it, and speaks with it over standard input and
// output.
type mcpCommand struct {
	Server string `required:"" help:"The address of the Nevermind server." placeholder:"URL"`
	Code   string `help:"The code from the chat (/assistant); needed once." placeholder:"CODE"`
	Name   string `help:"How the assistant is called in the chat." default:"AI"`
	Token  string `name:"token-file" help:"Where the token is kept; else your configuration folder." placeholder:"FILE"`
}

// Run connects where a code is given, and passes on what the assistant and the server say.
func (c mcpCommand) Run(ctx context.Context, p *program) error {
	if u, err := url.Parse(c.Server); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return usageError{errors.New("--server: not an address; one begins with https:// or http:// and names a host")}
	}
	file, err := c.tokenFile()
	if err != nil {
		return err
	}
	bridge := &mcp.Bridge{Server: c.Server}
	if c.Code != "" {
		if bridge.Token, err = bridge.Connect(ctx, c.Code, c.Name); err != nil {
			return fmt.Errorf("connect: %w", err)
		}
		if err := keepToken(file, bridge.Token); err != nil {
			return err
		}
		fmt.Fprintln(p.err, "Connected. The token is kept in "+file+"; leave out --code from now on.")
	} else if bridge.Token, err = readToken(file); err != nil {
		return err
	}
	return bridge.Run(ctx, io.NopCloser(p.in), nopCloser{p.out})
}

// tokenFile is where the token of a server is kept.
func (c mcpCommand) tokenFile() (string, error) {
	if c.Token != "" {
		return c.Token, nil
	}
	folder, err := os.UserConfigDir()
	if err != nil {
		return "", usageError{fmt.Errorf("say with --token-file where the token is kept: %w", err)}
	}
	u, _ := url.Parse(c.Server)
	return filepath.Join(folder, "nevermind", "assistant-"+strings.ReplaceAll(u.Host, ":", "-")+".token"), nil
}

// keepToken keeps a token where only its owner reads it.
func keepToken(file, token string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return fmt.Errorf("keep the token: %w", err)
	}
	if err := os.WriteFile(file, []byte(token+"\n"), 0o600); err != nil {
		return fmt.Errorf("keep the token: %w", err)
	}
	return nil
}

func readToken(file string) (string, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return "", usageError{errors.New("not connected yet: write /assistant in the chat, and give the code there once with --code")}
	}
	return strings.TrimSpace(string(text)), err
}

// nopCloser is a writer that somebody else closes.
type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }
