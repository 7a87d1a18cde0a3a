package words

import (
	"testing"
	"testing/fstest"
)

// TestLanguagesAreHeldAgainstEnglish: what a language lacks is told, text by text.
func TestLanguagesAreHeldAgainstEnglish(t *testing.T) {
	english := []Text{
		{English: "Back", Limit: 10}, {English: "Hello {me}."}, {English: "I have asked {seller}."}, {English: "Not there"},
		{English: "in {n} hours", Counted: true}, {English: "nothing"}, {English: "{buyer} asks {seller}."},
		{English: "{n} photos of {of}", Counted: true},
	}
	got := check(fstest.MapFS{"ru.yaml": {Data: []byte(`
"Back": "Вернуться назад"
"Gone": "Нет"
"Hello {me}.": "Привет."
"I have asked {seller}.": "Вопрос для {vendedor}."
"{buyer} asks {seller}.": "{seller}, вопрос от {buyer}."
"in {n} hours": {one: "через час", few: "через {n} часа", other: "через {n} часа"}
"{n} photos of {of}": {one: "фото {of}", few: "{n} фото", many: "{n} фото {of}", other: "{n} фото {of}"}
"nothing": {one: 3}
`)}}, english)
	want := []string{
		`ru.yaml: "Not there" is missing`,
		`ru.yaml: "Back": "Вернуться назад" has 15 characters, and 10 at most fit`,
		`ru.yaml: "Gone" is stale: English says it no more`,
		`ru.yaml: "Hello {me}.": {me} is missing from "Привет."`,
		`ru.yaml: "I have asked {seller}.": {seller} is missing from "Вопрос для {vendedor}."`,
		`ru.yaml: "I have asked {seller}.": {vendedor} stands in "Вопрос для {vendedor}.", and not in the English`,
		`ru.yaml: "in {n} hours": its plural form many is missing`,
		`ru.yaml: "nothing": one is no text`,
		`ru.yaml: "{n} photos of {of}": {of} is missing from "{n} фото"`,
	}
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i].Error() != want[i] {
			t.Fatalf("got\n%v\nwant\n%q", got, want)
		}
	}
}

// TestLanguagesAreWhole: each language that comes with Nevermind says everything that English says, and nothing else.
func TestLanguagesAreWhole(t *testing.T) {
	faults := Check()
	for i, fault := range faults {
		if i == 30 {
			t.Errorf("and %d more", len(faults)-i)
			break
		}
		t.Error(fault)
	}
}
