package main

import (
	"bytes"
	"cmp"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// film is how the page looked, step by step; it becomes a GIF.
type film struct {
	frames []image.Image
	delays []int // of each, in hundredths of a second
}

// The film's size and pace.
const (
	filmWidth, filmHeight = 1200, 750
	filmStep, filmRest    = 160, 450
)

// shows adds how the page looks now.
func (f *film) shows(p *page, delay int) {
	p.t.Helper()
	frame, err := png.Decode(bytes.NewReader(p.looks(filmWidth, filmHeight, "light")))
	if err != nil {
		p.t.Fatal(err)
	}
	f.frames, f.delays = append(f.frames, frame), append(f.delays, delay)
}

// palette is the colours that occur most often in all frames, after one that is seen through.
func (f *film) palette() color.Palette {
	seen := map[color.RGBA]int{}
	for _, frame := range f.frames {
		eachPixel(frame, func(_, _ int, c color.RGBA) { seen[c]++ })
	}
	often := slices.SortedFunc(maps.Keys(seen), func(a, b color.RGBA) int {
		return cmp.Or(seen[b]-seen[a], cmp.Compare(key(a), key(b)))
	})
	colours := color.Palette{color.RGBA{}}
	for _, c := range often[:min(len(often), 255)] {
		colours = append(colours, c)
	}
	return colours
}

func key(c color.RGBA) uint32 { return uint32(c.R)<<16 | uint32(c.G)<<8 | uint32(c.B) }

func eachPixel(frame image.Image, do func(x, y int, c color.RGBA)) {
	b := frame.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			do(x, y, color.RGBAModel.Convert(frame.At(x, y)).(color.RGBA))
		}
	}
}

// encode writes a GIF in which each frame holds only what has changed.
func (f *film) encode() ([]byte, error) {
	colours := f.palette()
	nearest := map[color.RGBA]uint8{}
	index := func(c color.RGBA) uint8 {
		i, known := nearest[c]
		if !known {
			i = uint8(1 + colours[1:].Index(c))
			nearest[c] = i
		}
		return i
	}
	var moving gif.GIF
	var before *image.Paletted
	for n, frame := range f.frames {
		whole, changed := image.NewPaletted(frame.Bounds(), colours), image.NewPaletted(frame.Bounds(), colours)
		eachPixel(frame, func(x, y int, c color.RGBA) {
			i := index(c)
			whole.SetColorIndex(x, y, i)
			if before == nil || before.ColorIndexAt(x, y) != i {
				changed.SetColorIndex(x, y, i)
			}
		})
		moving.Image, moving.Delay = append(moving.Image, changed), append(moving.Delay, f.delays[n])
		moving.Disposal = append(moving.Disposal, gif.DisposalNone)
		before = whole
	}
	var out bytes.Buffer
	err := gif.EncodeAll(&out, &moving)
	return out.Bytes(), err
}

// TestBrowserFilm plays what the README shows first, and with -update films it: docs/demo.gif.
func TestBrowserFilm(t *testing.T) {
	if !*update {
		t.Skip("make film")
	}
	p := browse(t, demo(t, t.TempDir()).url)
	p.press("hint", "Close this hint")
	var f film
	for _, step := range []func(){
		func() { p.sees("buyer", "Press a button below") },
		func() { p.press("buyer", "My orders"); p.sees("buyer", "Bamboo desk lamp") },
		func() { p.press("buyer", "Bamboo desk lamp"); p.sees("buyer", "Cancel this order") },
		func() { p.press("buyer", "Cancel this order"); p.sees("buyer", "I don't need it any more") },
		func() { p.press("buyer", "I don't need it any more"); p.sees("buyer", "Yes, ask the seller") },
		func() { p.press("buyer", "Yes, ask the seller"); p.stands("awaiting seller") },
		func() { p.press("clock", "Next deadline"); p.sees("seller", "A reminder") },
		func() { p.press("seller", "Cancel and refund 33.70 USD"); p.stands("refunding") },
		func() { p.press("shop", "Send the money, order 8224375529841401"); p.stands("refunded") },
	} {
		step()
		f.shows(p, filmStep)
	}
	f.delays[len(f.delays)-1] = filmRest
	moving, err := f.encode()
	if err != nil {
		t.Fatal(err)
	}
	if len(moving) > 3<<20 {
		t.Errorf("the film has %d bytes, want 3 MiB at most", len(moving))
	}
	if err := os.WriteFile(filepath.Join("..", "..", "docs", "demo.gif"), moving, 0o644); err != nil {
		t.Fatal(err)
	}
}
