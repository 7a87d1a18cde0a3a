package bot

// Flows is everything we say and decide.
type Flows struct {
	All   []*Flow
	Home  string          // the talk that a room is in when nothing else is going on
	Form  string          // the talk that asks a form's fields one by one
	Terms map[string]Term // what {names} in words may stand for, besides facts and windows
	Works map[string]Work // what a state may Do
	Words map[string]To   // what is said about messages that no state took: see the Word constants
}

// Term works out what a {name} stands for, as the reader should see it.
type Term func(v *View, reader *Person) string

// Work is a kind of task for the world outside.
type Work struct {
	Class    Class
	Outcomes []string // the events it may come back as
	Soon     string   // the outcome to reckon with when looking ahead; empty: it waits for people
}

// Catalog gives the words of a language; English stands in the flows.
type Catalog interface {
	// Text returns the template with this id; false where the language has none.
	Text(language, id string) (string, bool)
}
