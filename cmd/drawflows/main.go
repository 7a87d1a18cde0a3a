// Command drawflows draws every flow as SVG into a folder: drawflows DIR. It is what "go generate ./flows/drawing"
// runs, needs the program dot of Graphviz, and is no part of the product.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"nevermind/bot"
	"nevermind/flows"
	"nevermind/flows/drawing"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "drawflows:", err)
		os.Exit(1)
	}
}

// run draws all flows, and removes the drawings of those that are no more.
func run(args []string) error {
	if len(args) != 1 {
		return errors.New("usage: drawflows DIR")
	}
	old, err := filepath.Glob(filepath.Join(args[0], "*.svg"))
	if err != nil {
		return err
	}
	drawn := map[string][]byte{}
	for _, f := range flows.All().All {
		svg, err := draw(f)
		if err != nil {
			return fmt.Errorf("draw %s: %w", f.Name, err)
		}
		drawn[filepath.Join(args[0], f.Name+".svg")] = svg
	}
	for _, name := range old {
		if drawn[name] == nil {
			if err := os.Remove(name); err != nil {
				return err
			}
		}
	}
	for name, svg := range drawn {
		if err := os.WriteFile(name, svg, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// draw lays a flow out by its main arrows, and then draws all arrows between states that stay where they are.
func draw(f *bot.Flow) ([]byte, error) {
	laid, err := graphviz(drawing.Layout(f), "-Kdot", "-Tjson0")
	if err != nil {
		return nil, err
	}
	places, err := readPlaces(laid)
	if err != nil {
		return nil, err
	}
	svg, err := graphviz(drawing.Picture(f, places), "-Knop", "-Tsvg")
	if err != nil {
		return nil, err
	}
	return tidy(svg, drawing.Digest(f)), nil
}

func graphviz(source string, args ...string) ([]byte, error) {
	cmd := exec.Command("dot", args...)
	cmd.Stdin, cmd.Stderr = strings.NewReader(source), os.Stderr
	return cmd.Output()
}

// readPlaces reads where a layout has put each state, as "x,y" in points.
func readPlaces(laid []byte) (map[string]string, error) {
	var graph struct {
		Objects []struct{ Name, Pos string }
	}
	err := json.Unmarshal(laid, &graph)
	places := map[string]string{}
	for _, o := range graph.Objects {
		places[o.Name] = o.Pos
	}
	return places, err
}

var (
	prolog  = regexp.MustCompile(`(?s)^.*?<svg`)
	size    = regexp.MustCompile(`<svg width="(\d+)pt" height="(\d+)pt"`)
	comment = regexp.MustCompile(`(?s)<!--.*?-->\s*`)
	link    = regexp.MustCompile(`<title>[^<]*</title>\s*<g[^>]*><a xlink:title="([^"]*)">`)
	unlink  = regexp.MustCompile(`</a>\s*</g>`)
	ids     = regexp.MustCompile(` id="[^"]*"`)
)

// style names the page's own style sheet, for when a drawing is looked at alone.
const style = `<?xml version="1.0" encoding="UTF-8"?><?xml-stylesheet type="text/css" href="/assets/diagram.css"?>` + "\n"

// tidy leaves the drawing itself: 1 px to the point, without ids that a page might have twice, with the events of an
// arrow as its title rather than as a link, and with the digest of what it was made from.
func tidy(svg []byte, digest string) []byte {
	svg = comment.ReplaceAll(prolog.ReplaceAll(svg, []byte("<svg")), nil)
	svg = unlink.ReplaceAll(link.ReplaceAll(svg, []byte("<title>$1</title>")), nil)
	svg = size.ReplaceAll(ids.ReplaceAll(svg, nil), []byte(`<svg data-source="`+digest+`" width="$1" height="$2"`))
	return append([]byte(style), bytes.ReplaceAll(svg, []byte("&#45;"), []byte("-"))...)
}
