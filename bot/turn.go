package bot

// Turn is everything one event changes; the unit of commit and of the journal. An Entry without a Seq is none: somebody has
// only looked at what else they can do.
type Turn struct {
	Conv    Conversation
	Replies []Reply
	Tasks   []Task
	Entry   Entry
}
