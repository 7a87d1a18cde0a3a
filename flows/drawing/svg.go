package drawing

import (
	"embed"
	"strings"

	"nevermind/bot"
)

//go:generate go run nevermind/cmd/drawflows svg

//go:embed svg
var drawings embed.FS

// SVG returns the drawing of a flow by the flow's name, an SVG document of 1 px to the point; false if there is none.
// Which classes it has to light says Picture; its colours are in the page's /assets/diagram.css.
func SVG(flow string) ([]byte, bool) {
	svg, err := drawings.ReadFile("svg/" + flow + ".svg")
	return svg, err == nil
}

// Current says whether a flow's drawing was made from the flow as it is.
func Current(f *bot.Flow) bool {
	svg, ok := SVG(f.Name)
	return ok && strings.Contains(string(svg), ` data-source="`+Digest(f)+`"`)
}
