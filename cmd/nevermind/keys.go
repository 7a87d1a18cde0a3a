package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"text/tabwriter"

	"nevermind/adapters/shop/rest"
)

// keysCommand makes, lists and ends keys for the shop's API; a running server takes them over at once.
type keysCommand struct {
	Add    keysAdd    `cmd:"" help:"Make a key. It is shown this once: only its hash is kept."`
	List   keysList   `cmd:"" help:"Their names, scopes, and when each was used last."`
	Revoke keysRevoke `cmd:"" help:"End a key; the next call with it is refused."`
	Rotate keysRotate `cmd:"" help:"Put everything stored under a new house key, also while a server runs."`
}

// keysAdd makes one.
type keysAdd struct {
	Name  string   `arg:"" help:"What it is for, such as the program that will use it."`
	Scope []string `required:"" help:"What it opens: orders, links, cases, operate; several with commas." placeholder:"SCOPE"`
}

// keysList shows them.
type keysList struct{}

// keysRevoke ends one.
type keysRevoke struct {
	Name string `arg:"" help:"As the list names it."`
}

// Run prints the key alone on a line, so that it can be piped to where secrets are kept.
func (c *keysAdd) Run(ctx context.Context, p *program) error {
	var made struct{ Key string }
	err := p.askHouse(ctx, "/keys/add?"+url.Values{"name": {c.Name}, "scope": c.Scope}.Encode(), &made)
	if err == nil {
		_, err = fmt.Fprintln(p.out, made.Key)
	}
	return err
}

// Run prints one key a line.
func (keysList) Run(ctx context.Context, p *program) error {
	var all []rest.Key
	if err := p.askHouse(ctx, "/keys/list", &all); err != nil {
		return err
	}
	if len(all) == 0 {
		_, err := fmt.Fprintln(p.out, "No key was made. “nevermind keys add NAME --scope orders,cases” makes one.")
		return err
	}
	table := tabwriter.NewWriter(p.out, 2, 8, 2, ' ', 0)
	fmt.Fprintln(table, "NAME\tSCOPES\tMADE\tLAST USED")
	for _, k := range all {
		used := "never"
		if !k.Used.IsZero() {
			used = k.Used.Local().Format("2006-01-02 15:04")
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", k.Name, joinScopes(k.Scopes), k.Made.Local().Format("2006-01-02 15:04"), used)
	}
	return table.Flush()
}

func joinScopes(scopes []rest.Scope) string {
	var names []string
	for _, s := range scopes {
		names = append(names, string(s))
	}
	return strings.Join(names, ",")
}

// Run ends it.
func (c *keysRevoke) Run(ctx context.Context, p *program) error {
	var revoked struct{}
	err := p.askHouse(ctx, "/keys/revoke?"+url.Values{"name": {c.Name}}.Encode(), &revoked)
	if err == nil {
		_, err = fmt.Fprintf(p.out, "%s opens nothing any more.\n", c.Name)
	}
	return err
}

// askHouse asks whoever has the store: the server by its control socket, or the house opened here.
func (p *program) askHouse(ctx context.Context, path string, into any) (err error) {
	client, done, err := p.dial(ctx, plan{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	return askServer(ctx, client, path, into)
}

// addKey makes a key for the command.
func (h *house) addKey(w http.ResponseWriter, r *http.Request) {
	var scopes []rest.Scope
	for _, s := range r.URL.Query()["scope"] {
		scopes = append(scopes, rest.Scope(s))
	}
	key, err := h.keys.Add(r.Context(), r.URL.Query().Get("name"), scopes)
	if err != nil {
		refuseKeys(w, err)
		return
	}
	respond(w, map[string]string{"Key": key})
}

// listKeys hands them out, without their hashes.
func (h *house) listKeys(w http.ResponseWriter, _ *http.Request) {
	all := h.keys.List()
	for i := range all {
		all[i].Hash = ""
	}
	respond(w, all)
}

// revokeKey ends a key for the command.
func (h *house) revokeKey(w http.ResponseWriter, r *http.Request) {
	if err := h.keys.Revoke(r.Context(), r.URL.Query().Get("name")); err != nil {
		refuseKeys(w, err)
		return
	}
	respond(w, struct{}{})
}

// refuseKeys answers with what is wrong.
func refuseKeys(w http.ResponseWriter, err error) {
	status := http.StatusInternalServerError
	for _, known := range []error{rest.ErrKeyName, rest.ErrKeyScope, rest.ErrKeyTaken, rest.ErrNoKey} {
		if errors.Is(err, known) {
			status = http.StatusUnprocessableEntity
		}
	}
	http.Error(w, err.Error(), status)
}
