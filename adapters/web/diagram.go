package web

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"sync"

	"nevermind/bot"
)

// gallery keeps the drawing of each flow; they are made one at a time, when first looked at.
type gallery struct {
	draw func(ctx context.Context, f *bot.Flow) ([]byte, error)

	mu    sync.Mutex
	drawn map[string][]byte
}

func (g *gallery) flow(ctx context.Context, f *bot.Flow) ([]byte, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if svg, ok := g.drawn[f.Name]; ok {
		return svg, nil
	}
	svg, err := g.draw(context.WithoutCancel(ctx), f)
	if err != nil {
		return nil, err
	}
	if g.drawn == nil {
		g.drawn = map[string][]byte{}
	}
	g.drawn[f.Name] = svg
	return svg, nil
}

// diagram answers with a flow's drawing, the present state and the ways out of it lit.
func (d *Demo) diagram(w http.ResponseWriter, r *http.Request) error {
	name, ok := strings.CutSuffix(r.PathValue("file"), ".svg")
	flow := d.flow(name)
	if !ok || flow == nil || d.art.draw == nil {
		return bot.ErrNone
	}
	svg, err := d.art.flow(r.Context(), flow)
	if err != nil {
		return err
	}
	state := r.FormValue("state")
	if _, ok := flow.States[state]; ok {
		svg = light(svg, state)
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	_, err = w.Write(svg)
	return err
}

// light marks a state and the arrows that leave it; drawings give them the classes "is-STATE" and "from-STATE".
func light(svg []byte, state string) []byte {
	for _, class := range []string{"is-" + state, "from-" + state} {
		svg = bytes.ReplaceAll(svg, []byte(class+`"`), []byte(class+` lit"`))
	}
	return svg
}

func (d *Demo) flow(name string) *bot.Flow {
	for _, f := range d.house.Flows().All {
		if f.Name == name {
			return f
		}
	}
	return nil
}
