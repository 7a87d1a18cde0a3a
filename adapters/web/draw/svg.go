package draw

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"sync"

	"github.com/goccy/go-graphviz"

	"nevermind/bot"
)

var (
	one     sync.Mutex // the library is one machine with one memory
	machine *graphviz.Graphviz
)

// SVG draws a flow: states have the class "is-STATE", arrows "from-STATE", and colours are the page's to give.
func SVG(ctx context.Context, f *bot.Flow) ([]byte, error) {
	one.Lock()
	defer one.Unlock()
	if machine == nil {
		m, err := graphviz.New(ctx)
		if err != nil {
			return nil, fmt.Errorf("start graphviz: %w", err)
		}
		machine = m
	}
	graph, err := graphviz.ParseBytes([]byte(dot(f)))
	if err != nil {
		return nil, fmt.Errorf("draw %s: %w", f.Name, err)
	}
	defer graph.Close()
	var out bytes.Buffer
	if err := machine.Render(ctx, graph, graphviz.SVG, &out); err != nil {
		return nil, fmt.Errorf("draw %s: %w", f.Name, err)
	}
	return tidy(out.Bytes()), nil
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
