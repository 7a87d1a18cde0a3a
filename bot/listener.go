package bot

import "context"

// Listener is a model outside that is asked what words may mean where the flows are not sure. What it says is only ever shown
// as a question: it begins, decides and words nothing.
type Listener interface {
	// Listen returns one of the meanings, the number of an order, or NotSure. Anything else it returns counts as NotSure.
	Listen(ctx context.Context, text, language string, meanings []string) (guess string, err error)
}

// NotSure is the guess of a listener that does not know either, came too late or failed.
const NotSure = "unsure"
