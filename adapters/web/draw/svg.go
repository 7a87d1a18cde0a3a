// Package draw draws flows as SVG with Graphviz. It stands apart from the page because its library starts a
// WebAssembly machine in whatever program is linked with it.
package draw

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"sync"

	"github.com/goccy/go-graphviz"

	"nevermind/adapters/web/draw/private"
	"nevermind/bot"
)

func init() { private.Restore() } // the library has started by now: we import it

var (
	one     sync.Mutex // the library is one machine with one memory
	machine *graphviz.Graphviz
)

// SVG draws a flow with one state lit, or none: states have the class "is-STATE", arrows "from-STATE", and colours are
// the page's to give. States stand at the same place whichever is lit.
func SVG(ctx context.Context, f *bot.Flow, state string) ([]byte, error) {
	one.Lock()
	defer one.Unlock()
	laid, err := render(ctx, writeDot(f, "", nil), graphviz.DOT, graphviz.XDOT)
	if err != nil {
		return nil, fmt.Errorf("lay out %s: %w", f.Name, err)
	}
	svg, err := render(ctx, writeDot(f, state, readPlaces(laid)), graphviz.NOP, graphviz.SVG)
	if err != nil {
		return nil, fmt.Errorf("draw %s: %w", f.Name, err)
	}
	return tidy(svg), nil
}

func render(ctx context.Context, dot string, layout graphviz.Layout, format graphviz.Format) ([]byte, error) {
	if machine == nil {
		m, err := graphviz.New(ctx)
		if err != nil {
			return nil, fmt.Errorf("start graphviz: %w", err)
		}
		machine = m
	}
	graph, err := graphviz.ParseBytes([]byte(dot))
	if err != nil {
		return nil, err
	}
	defer func() { _ = graph.Close() }() // nothing was written that could be lost
	var out bytes.Buffer
	err = machine.SetLayout(layout).Render(ctx, graph, format, &out)
	return out.Bytes(), err
}

var places = regexp.MustCompile(`(?s)"?(\w+)"?\s+\[[^\]]*?\bpos="([-\d.]+,[-\d.]+)"`)

// readPlaces reads where a layout has put each state.
func readPlaces(laid []byte) map[string]string {
	found := map[string]string{}
	for _, m := range places.FindAllSubmatch(laid, -1) {
		found[string(m[1])] = string(m[2])
	}
	return found
}

var (
	prolog  = regexp.MustCompile(`(?s)^.*?<svg`)
	size    = regexp.MustCompile(`(<svg) width="[^"]*" height="[^"]*"`)
	comment = regexp.MustCompile(`(?s)<!--.*?-->\s*`)
	link    = regexp.MustCompile(`<title>[^<]*</title>\s*<g[^>]*><a xlink:title="([^"]*)">`)
	unlink  = regexp.MustCompile(`</a>\s*</g>`)
	ids     = regexp.MustCompile(` id="[^"]*"`)
)

// style names the page's own style sheet, for when a drawing is looked at alone.
const style = `<?xml version="1.0" encoding="UTF-8"?><?xml-stylesheet type="text/css" href="/assets/diagram.css"?>` + "\n"

// tidy leaves the drawing itself: sized by its frame, without ids that a page might have twice, and with the events of
// an arrow as its title rather than as a link.
func tidy(svg []byte) []byte {
	svg = comment.ReplaceAll(prolog.ReplaceAll(svg, []byte("<svg")), nil)
	svg = unlink.ReplaceAll(link.ReplaceAll(svg, []byte("<title>$1</title>")), nil)
	svg = size.ReplaceAll(ids.ReplaceAll(svg, nil), []byte("$1"))
	return append([]byte(style), bytes.ReplaceAll(svg, []byte("&#45;"), []byte("-"))...)
}
