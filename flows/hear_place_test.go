package flows

import "testing"

// TestPlaceTyped: a place in a list is read as people write it, and nothing else is taken for one.
func TestPlaceTyped(t *testing.T) {
	for text, want := range map[string]int{
		"2": 2, " 2. ": 2, "2)": 2, "(2)": 2, "[2]": 2, "2:": 2, "#2": 2, "# 2": 2, "№2": 2, "No. 2": 2, "nr 2": 2, "2!": 2, "*2*": 2,
		"“2”": 2,
		"2️⃣": 2, "2\u20e3": 2, "۲": 2, "٢": 2, "２": 2, "२": 2, "২": 2, "੨": 2, "૨": 2, "௨": 2, "౨": 2, "೨": 2, "൨": 2, "๒": 2,
		"໒": 2, "༢": 2, "၂": 2, "២": 2, "᠒": 2, "߂": 2, "𝟐": 2, "𝟸": 2, "②": 2, "❷": 2, "➁": 2, "➋": 2, "⑵": 2, "⒉": 2, "²": 2, "₂": 2,
		"two": 2, "Two": 2, "second": 2, "the second": 2, "the second one": 2, "2nd": 2, "the 2nd": 2, "option 2": 2, "Option two": 2,
		"number 2 please": 2, "i take the second one": 2, "🔟": 10, "⑩": 10, "1０": 10, "۱۰": 10, "10th": 10, "first": 1, "one": 1,
		"the first one": 1, "1st": 1,
		"": 0, "0": 0, "-2": 0, "+2": 0, "2.5": 0, "2,5": 0, "2 3": 0, "2 lamps": 0, "1234": 0, "two three": 0, "1e3": 0, "2x": 0,
		"second hand": 0, "no": 0, "please": 0, "½": 0, "Ⅱ": 0, "ii": 0, "8123456789012345": 0, "the": 0, "x": 0, "№": 0,
	} {
		got, ok := placeTyped(text)
		if got != want || ok != (want > 0) {
			t.Errorf("%q: got %d (%v), want %d", text, got, ok, want)
		}
	}
}
