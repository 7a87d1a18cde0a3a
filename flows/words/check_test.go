package words

import (
	"testing"
	"testing/fstest"
)

func TestTranslationsKeepTheirNames(t *testing.T) {
	got := check(fstest.MapFS{"es.yaml": {Data: []byte(`
"Back": "Atrás"
"Hello {me}.": "Hola."
"I have asked {seller}.": "He preguntado a {vendedor}."
"{buyer} asks {seller}.": "A {seller} le pregunta {buyer}."
"in {n} hours": {one: "dentro de una hora", other: "dentro de {n} horas"}
"{n} photos of {of}": {one: "una foto de {of}", other: "{n} fotos"}
"nothing": {one: 3}
`)}})
	want := []string{
		`es.yaml: "Hello {me}.": {me} is missing from "Hola."`,
		`es.yaml: "I have asked {seller}.": {seller} is missing from "He preguntado a {vendedor}."`,
		`es.yaml: "I have asked {seller}.": {vendedor} stands in "He preguntado a {vendedor}.", and not in the English`,
		`es.yaml: "nothing": one is no text`,
		`es.yaml: "{n} photos of {of}": {of} is missing from "{n} fotos"`,
	}
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i].Error() != want[i] {
			t.Fatalf("got\n%v\nwant\n%q", got, want)
		}
	}
	if faults := Check(); len(faults) > 0 {
		t.Errorf("the languages that come with Nevermind: %v", faults)
	}
}
