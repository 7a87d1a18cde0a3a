package flows

import (
	"slices"
	"strings"
	"testing"

	"nevermind/bot"
)

// heardOf is what words mean for an order of five mugs, three lamps, a clock, and a hub with a number in its name; "?" where
// it cannot be as they say.
func heardOf(text string, counted bool) string {
	usd := func(minor int64) bot.Money { return bot.Money{Minor: minor, Currency: "USD"} }
	o := bot.Order{ID: "8", Stage: bot.Processing, Total: usd(9000), Items: []bot.Item{
		{ID: "mug", Title: "Coffee mug, white", Quantity: 5, Price: usd(2500), Counted: counted},
		{ID: "lamp", Title: "Bamboo lamp", Quantity: 3, Price: usd(3000), Counted: counted},
		{ID: "clock", Title: "Wall clock", Quantity: 1, Price: usd(2000), Counted: counted},
		{ID: "hub", Title: "USB-C hub, 7 in 1", Quantity: 9, Price: usd(1500), Counted: counted},
	}}
	parts, unfit := partsSaid(&o, o.OpenParts(), text)
	words := []string{}
	for _, p := range parts {
		words = append(words, bot.WriteParts([]bot.Part{p}))
	}
	if unfit.ID != "" {
		words = append(words, "? "+bot.WriteParts([]bot.Part{unfit}))
	}
	return strings.Join(words, " ")
}

// TestQuantitiesInWords: the number of pieces is taken from what a buyer writes, and never a number that is an order, a price,
// a date, or something that is kept.
func TestQuantitiesInWords(t *testing.T) {
	for text, want := range map[string]string{
		"cancel 2 of the mugs":                                    "mug=2",
		"Cancel two of the mugs, please":                          "mug=2",
		"cancel only one lamp":                                    "lamp=1",
		"only one lamp":                                           "lamp=1",
		"please cancel just 3 mugs":                               "mug=3",
		"cancel 2x mug":                                           "mug=2",
		"cancel mugs x2":                                          "mug=2",
		"cancel 2 × coffee mug":                                   "mug=2",
		"I'd like to cancel 2 out of 5 mugs":                      "mug=2",
		"cancel 2 of the 5 mugs":                                  "mug=2",
		"I ordered 5 mugs, cancel 2 of them":                      "mug=2",
		"I ordered 5 mugs but I want to cancel 2 of them":         "mug=2",
		"cancel 2 mugs and one lamp":                              "mug=2 lamp=1",
		"cancel a couple of mugs":                                 "mug=2",
		"cancel 2 white mugs from order 8123456789012345":         "mug=2",
		"cancel ٢ of the mugs":                                    "mug=2",
		"cancel 2 of the hubs":                                    "hub=2",
		"cancel all 5 mugs":                                       "mug=5",
		"cancel 2 of my Coffee Mug, White":                        "mug=2",
		"remove 1 lamp, 2 mugs":                                   "mug=2 lamp=1",
		"cancel one of the lamps, it's the wrong one":             "lamp=1",
		"cancel 7 of the mugs":                                    "? mug=7",
		"cancel 4 lamps":                                          "? lamp=4",
		"cancel 8123456789012345":                                 "",
		"cancel order 2":                                          "",
		"cancel #2":                                               "",
		"cancel order no. 2, the mugs":                            "",
		"cancel number 2":                                         "",
		"cancel line 2":                                           "",
		"cancel item 2":                                           "",
		"cancel the mugs, they cost 2 dollars less elsewhere":     "",
		"cancel the 2 EUR mugs":                                   "",
		"cancel the $2 mugs":                                      "",
		"cancel the mugs for 2.50":                                "",
		"cancel the mugs I ordered on 2 November":                 "",
		"cancel the mugs from November 2":                         "",
		"cancel the mugs, ordered 2 days ago":                     "",
		"cancel the mugs, they take 3 weeks":                      "",
		"cancel it by 2 pm":                                       "",
		"cancel it, it was ordered on 2/11":                       "",
		"cancel the 2nd lamp":                                     "",
		"keep 2 of the mugs":                                      "",
		"I only need 2 of the mugs":                               "",
		"I want only one lamp":                                    "",
		"cancel all but 2 mugs":                                   "",
		"I ordered 2 mugs by mistake":                             "",
		"cancel 2 of my orders":                                   "",
		"cancel the 7 in 1 hub":                                   "",
		"cancel this one":                                         "",
		"cancel the wrong one":                                    "",
		"cancel 2":                                                "", // of which?
		"cancel 2 of them":                                        "",
		"cancel 2 of the plates":                                  "",
		"cancel 2 mugs, no, 3 mugs":                               "",
		"change the mugs to 3":                                    "",
		"cancel everything":                                       "",
		"my neighbour's 3 kids broke it, cancel 2 of the mugs":    "mug=2",
		"cancel 2 of the mugs; the 3 lamps are fine, I keep them": "mug=2",
	} {
		if got := heardOf(text, true); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]string{
		"cancel 2 of the mugs": "? mug=2", "cancel all 5 mugs": "mug=5", "cancel one clock": "clock=1",
	} {
		if got := heardOf(text, false); got != want {
			t.Errorf("%s of lines that are not counted: got %q, want %q", text, got, want)
		}
	}
}

// TestQuantityOfTheOnlyLine: where an order has one line, a number needs no name.
func TestQuantityOfTheOnlyLine(t *testing.T) {
	o := bot.Order{ID: "8", Stage: bot.Processing, Items: []bot.Item{{ID: "1", Title: "Mug", Quantity: 5, Counted: true}}}
	for text, want := range map[string]int{
		"cancel 2": 2, "cancel two of them": 2, "only 3 please": 3, "cancel 1": 1, "2 of them": 2, "just one": 1, "cancel 5 of them": 5,
		"cancel 12": 0, "cancel it in 2 days": 0, "2": 0, "cancel order 3": 0, "hello 2": 0, "cancel 2 plates": 0,
	} {
		parts, _ := partsSaid(&o, o.OpenParts(), text)
		if want == 0 && len(parts) > 0 || want > 0 && !slices.Equal(parts, []bot.Part{{ID: "1", Quantity: want}}) {
			t.Errorf("%s: got %v, want %d", text, parts, want)
		}
	}
}
