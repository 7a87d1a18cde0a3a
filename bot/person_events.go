package bot

// The events by which a conversation changes a person: it is told to PersonKey. A chat that joins or leaves, or stays as
// the only one, is named by its room (fact "guest") and account ("guest_account"); talks whose chat came or went hear of
// it, and who asked does not. With any other event each fact is a setting, an empty one forgotten, and who asked hears the
// same event once it is done.
const (
	ChatJoined = "chat_joined"
	ChatLeft   = "chat_left"
	OthersLeft = "others_left"
	ChatShut   = "chat_shut"   // its person has blocked us there
	ChatOpened = "chat_opened" // and lets us write again
	ChatGone   = "chat_gone"   // told to the chats that stay when one of a person's is gone
	// AppLanguageSeen: the platform says that the person reads the language in the fact "app_language". It counts until they choose.
	AppLanguageSeen = "app_language_seen"
)

// PersonKey is where to tell what changes a person.
func PersonKey(id PersonID) Key { return Key("person/" + string(id)) }
