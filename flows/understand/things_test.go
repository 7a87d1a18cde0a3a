package understand

import (
	"slices"
	"testing"
)

// TestThingsIn: which of several things a wish is about, and which are to stay, by words of their titles in any language.
func TestThingsIn(t *testing.T) {
	for _, c := range []struct {
		language, text string
		titles         []string
		meant, kept    string // letters of the titles: A, B, C
		only           bool
	}{
		{"en", "cancel only the umbrella", []string{"Lamp", "Umbrella"}, "B", "", true},
		{"en", "cancel the umbrella but keep the lamp", []string{"Lamp", "Umbrella"}, "B", "A", false},
		{"en", "cancel everything except the desk lamp", []string{"Desk lamp", "Floor lamp", "Mug"}, "", "A", false},
		{"en", "cancel the mug and the lamp, not the umbrella", []string{"Lamp", "Umbrella", "Tea mug"}, "AC", "B", false},
		{"en", "please cancel my lamp order", []string{"Lamp", "Umbrella"}, "", "", false},
		{"en", "ask the support team to cancel", []string{"Tea mug", "Umbrella"}, "", "", false},
		{"es", "cancelen solo el paraguas", []string{"Lámpara de mesa", "Paraguas"}, "B", "", true},
		{"es", "quédese con todo menos las lámparas, cancelen las lámparas", []string{"Lámpara de mesa", "Paraguas"}, "", "", false},
		{"es", "anulen todo menos la lampara", []string{"Lámpara de mesa", "Paraguas"}, "", "A", false},
		{"pt-BR", "cancela só as canecas", []string{"Caneca azul", "Prato"}, "A", "", true},
		{"fr", "annulez juste le parapluie, je garde la lampe", []string{"Lampe", "Parapluie"}, "B", "A", true},
		{"de", "nur den Schirm stornieren, die Lampe behalte ich", []string{"Schreibtischlampe", "Regenschirm"}, "B", "A", true},
		{"de", "den Schirm stornieren und die Lampe behalten", []string{"Lampe", "Schirm"}, "B", "A", false},
		{"ru", "отмените только зонтик", []string{"Лампа настольная", "Зонт"}, "B", "", true},
		{"ru", "отмените всё кроме лампы", []string{"Лампа настольная", "Зонт"}, "", "A", false},
		{"zh-Hans", "只取消雨伞", []string{"台灯", "折叠雨伞"}, "B", "", true},
		{"zh-Hans", "除了台灯其他都取消", []string{"台灯", "折叠雨伞"}, "", "A", false},
		{"ar", "الغوا المظلة بس", []string{"مصباح", "مظلة"}, "B", "", true},
	} {
		said := ThingsIn(c.text, c.language, c.titles)
		letters := func(how Naming) (all string) {
			for i, h := range said.How {
				if h == how {
					all += string(rune('A' + i))
				}
			}
			return all
		}
		if said.Vague {
			if c.meant+c.kept != "" {
				t.Errorf("%q is vague", c.text)
			}
			continue
		}
		if letters(Meant) != c.meant || letters(Kept) != c.kept || said.Only != c.only {
			t.Errorf("%q means %q, keeps %q, only %v; want %q, %q, %v", c.text, letters(Meant), letters(Kept), said.Only,
				c.meant, c.kept, c.only)
		}
	}
	vague := ThingsIn("cancel only the lamp", "en", []string{"Desk lamp", "Floor lamp"})
	if !vague.Vague || slices.Contains(vague.How, Meant) {
		t.Errorf("one of two lamps is %+v", vague)
	}
}

// TestSameThing: a noun is the same in other cases and numbers, and no other noun that begins alike is.
func TestSameThing(t *testing.T) {
	for _, pair := range [][2]string{{"lamps", "lamp"}, {"лампу", "Лампа"}, {"зонтик", "Зонт"}, {"lámparas", "Lampara"},
		{"المظلة", "مظلة"},
		{"Schirm", "Regenschirm"}, {"Tassen", "Tasse"}, {"canecas", "Caneca"}, {"animaux", "animal"}} {
		if !SameThing(pair[0], pair[1]) {
			t.Errorf("%q is not %q", pair[0], pair[1])
		}
	}
	for _, pair := range [][2]string{{"team", "tea"}, {"support", "supper"}, {"the", "the"}, {"cancel", "candle"},
		{"order", "border"}} {
		if SameThing(pair[0], pair[1]) {
			t.Errorf("%q is taken for %q", pair[0], pair[1])
		}
	}
}
