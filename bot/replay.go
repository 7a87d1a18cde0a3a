package bot

// Replayed is what a replay found.
type Replayed struct {
	Turns    int
	Same     bool   // every decision came out the same, whatever the words
	Differs  int    // the first turn that was decided otherwise, from 1; 0 where none was
	Why      string // in words
	Reworded int    // turns decided the same whose words have changed since
	Older    int    // turns written by older versions, of which only the move and the facts can be compared
	Erased   int    // turns of which words were erased that decided something: only the move could be compared
}
