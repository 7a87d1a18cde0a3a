package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"
)

// healthCommand asks the server that runs on the data folder, by its control socket; it opens no store itself.
type healthCommand struct {
	Ready bool `help:"Also whether all its parts are able to work, as /readyz says."`
}

// healthTime is how long the answer may take.
const healthTime = 5 * time.Second

// Run prints what the server says; an error, and so exit code 1, where none answers or a part is not able to work.
func (c *healthCommand) Run(ctx context.Context, p *program) error {
	ctx, cancel := context.WithTimeout(ctx, healthTime)
	defer cancel()
	client, there := dialServer(ctx, p.set.folder())
	if !there {
		return fmt.Errorf("no server answers in %s", p.set.folder())
	}
	path := "/health"
	if c.Ready {
		path += "?ready"
	}
	answer, err := post(ctx, client, path, nil, "how it is")
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	_, err = io.Copy(p.out, answer.Body)
	return err
}

// alive answers the command: that the process does, or, where that is asked, whether all parts are able to work.
func (h *house) alive(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Has("ready") && h.ready != nil {
		h.ready.ServeHTTP(w, r)
		return
	}
	fmt.Fprintln(w, "alive")
}
