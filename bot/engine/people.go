package engine

// people changes persons and what follows from it: their accounts, rooms and settings, and the cards of their open records
// in rooms that come or go. The receiver, the deliverer and the API call it. A change is one commit of the person with the
// tasks that tell their conversations. It has no state.
type people struct {
	*base
	load    *loader
	turns   *turner
	settler *settler
}
