package flows

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"nevermind/bot"
	"nevermind/flows/understand"
	"nevermind/flows/words"
)

var updateLabels = flag.Bool("update-labels", false, "write typed_labels.txt from the catalog")

// labelledEvents are the English texts of commands and of labels that stand in menus, with the event each asks.
func labelledEvents() map[string]string {
	all := map[string]string{}
	for _, choices := range []bot.Offers{reception.States["greeting"].Offer, {bot.Here: talkLabels()}} {
		for _, of := range choices {
			for _, c := range of {
				if len(c.Facts) == 0 {
					all[c.Label] = c.Event
				}
			}
		}
	}
	for _, c := range commandList {
		for _, about := range c.About {
			if event := commandWords["/"+c.Name]; event != "" && c.Name != "start" {
				all[about] = event
			}
		}
	}
	for english, event := range commandWords {
		if !strings.HasPrefix(english, "/") {
			all[english], all[strings.ToUpper(english[:1])+english[1:]] = event, event
		}
	}
	return all
}

func talkLabels() (all []bot.Choice) {
	for _, m := range meanings {
		if m.intent != understand.TakeItBack { // what that means depends on what is open
			all = append(all, m.choice)
		}
	}
	return all
}

// TestTypedLabels holds that the commands and labels that can be typed are those of the catalog (-update-labels writes them), and
// that each is heard whichever language its writer has.
func TestTypedLabels(t *testing.T) {
	catalog, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, l := range words.Languages {
		labels := map[string]map[string]bool{}
		for english, event := range labelledEvents() {
			said, ok := catalog.Text(l.Code, english)
			if !ok && l.Code != "en" {
				continue
			} else if !ok {
				said = english
			}
			if labels[event] == nil {
				labels[event] = map[string]bool{}
			}
			labels[event][plainWords(said)] = true
		}
		for _, event := range slices.Sorted(maps.Keys(labels)) {
			fmt.Fprintf(&text, "%s\t%s\t%s\n", l.Code, event, strings.Join(slices.Sorted(maps.Keys(labels[event])), "|"))
		}
	}
	switch {
	case text.String() == labelsText:
	case *updateLabels:
		if err := os.WriteFile("typed_labels.txt", []byte(text.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Error("typed_labels.txt is not what the catalog says: go test ./flows -run TestTypedLabels -update-labels")
	}
	for typed, want := range map[string]string{
		"mis pedidos": "orders_asked", "Meine Bestellungen": "orders_asked", "/ayuda": "help_asked", "назад": "went_back",
		"我的订单": "orders_asked", "طلباتي": "orders_asked", "Mis solicitudes": "cases_asked", "/Hilfe": "help_asked",
		"hello": "", "/settings": "settings_asked",
	} {
		v := &bot.View{Actor: &bot.Person{ID: "ana", Language: "de"}, Frame: &bot.Frame{}}
		if e, _ := hearCommand(v, &bot.Message{Text: typed}); e.Name != want {
			t.Errorf("a German types %q: it is heard as %q, want %q", typed, e.Name, want)
		}
	}
}
