package words

import (
	"reflect"
	"testing"
	"testing/fstest"

	"github.com/goccy/go-yaml"
)

func TestOneFileIsALanguage(t *testing.T) {
	c, err := Read(fstest.MapFS{"ru.yaml": {Data: []byte(`
"Back": "Назад"
"Hello {me}. What is it?": "Здравствуйте, {me}. Что случилось?"
"in {n} hours": {one: "через {n} час", few: "через {n} часа", many: "через {n} часов", other: "через {n} часа"}
`)}})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		got  func() (string, bool)
		want string
	}{
		{func() (string, bool) { return c.Text("ru", "Back") }, "Назад"},
		{func() (string, bool) { return c.Text("ru", "Hello {me}. What is it?") }, "Здравствуйте, {me}. Что случилось?"},
		{func() (string, bool) { return c.Count("ru", 1, "in {n} hours") }, "через {n} час"},
		{func() (string, bool) { return c.Count("ru", 2, "in {n} hours") }, "через {n} часа"},
		{func() (string, bool) { return c.Count("ru", 11, "in {n} hours") }, "через {n} часов"},
		{func() (string, bool) { return c.Text("ru", "Not there") }, ""},
		{func() (string, bool) { return c.Text("uk", "Back") }, ""},
	} {
		if got, _ := test.got(); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

// TestAPluralThatIsMissing: a form that a language lacks is its other form, and where that is missing too, nothing: the English
// words are said then.
func TestAPluralThatIsMissing(t *testing.T) {
	c, err := Read(fstest.MapFS{"ru.yaml": {Data: []byte(`"in {n} hours": {one: "через {n} час"}` + "\n")}})
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range map[int]string{1: "через {n} час", 2: "", 5: "", 11: ""} {
		if got, there := c.Count("ru", n, "in {n} hours"); got != want || there != (want != "") {
			t.Errorf("%d: got %q, %v", n, got, there)
		}
	}
}

func TestABadFileIsNamed(t *testing.T) {
	for name, text := range map[string]string{"nonsense!.yaml": "{}", "es.yaml": "a: [b"} {
		if _, err := Read(fstest.MapFS{name: {Data: []byte(text)}}); err == nil {
			t.Errorf("%s was read", name)
		}
	}
}

func TestLoad(t *testing.T) {
	if _, err := Load(); err != nil {
		t.Fatal(err)
	}
}

// TestLinesAreYAML: the quick way to read our own languages reads what YAML says.
func TestLinesAreYAML(t *testing.T) {
	for _, l := range Languages[1:] {
		text, err := files.ReadFile(l.Code + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		var quick, slow any
		if err := unmarshalLines(text, &quick); err != nil {
			t.Errorf("%s: %v", l.Code, err)
		}
		if err := yaml.Unmarshal(text, &slow); err != nil || !reflect.DeepEqual(quick, slow) {
			t.Errorf("%s: the lines are not what YAML reads (%v)", l.Code, err)
		}
	}
}

func BenchmarkReadLanguage(b *testing.B) {
	for name, unmarshal := range map[string]func([]byte, any) error{"lines": unmarshalLines, "yaml": yaml.Unmarshal} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := readLanguage(files, "de.yaml", unmarshal); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
