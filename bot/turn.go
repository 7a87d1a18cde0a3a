package bot

// Turn is everything one event changes; the unit of commit and of the journal.
type Turn struct {
	Conv    Conversation
	Replies []Reply
	Tasks   []Task
	Entry   Entry
}
