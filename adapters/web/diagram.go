package web

import (
	"context"
	"net/http"
	"strings"
	"sync"

	"nevermind/bot"
)

// Draw draws a flow as SVG with one state lit, or none.
type Draw func(ctx context.Context, f *bot.Flow, state string) ([]byte, error)

// gallery keeps the drawings, made one at a time when first looked at; there are no more than states.
type gallery struct {
	draw Draw

	mu    sync.Mutex
	drawn map[[2]string][]byte
}

func (g *gallery) show(ctx context.Context, f *bot.Flow, state string) ([]byte, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	which := [2]string{f.Name, state}
	if svg, ok := g.drawn[which]; ok {
		return svg, nil
	}
	svg, err := g.draw(context.WithoutCancel(ctx), f, state)
	if err == nil {
		if g.drawn == nil {
			g.drawn = map[[2]string][]byte{}
		}
		g.drawn[which] = svg
	}
	return svg, err
}

// diagram answers with a flow's drawing, the present state and the ways out of it lit.
func (d *Demo) diagram(w http.ResponseWriter, r *http.Request) error {
	name, ok := strings.CutSuffix(r.PathValue("file"), ".svg")
	flow := d.flow(name)
	if !ok || flow == nil || d.art.draw == nil {
		return bot.ErrNone
	}
	state := r.FormValue("state")
	if _, ok := flow.States[state]; !ok {
		state = ""
	}
	svg, err := d.art.show(r.Context(), flow, state)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	_, err = w.Write(svg)
	return err
}

// flow finds a flow by its name; nil where there is none.
func (d *Demo) flow(name string) *bot.Flow {
	for _, f := range d.engine.Flows().All {
		if f.Name == name {
			return f
		}
	}
	return nil
}
