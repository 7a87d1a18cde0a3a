package bolt

import (
	"strings"

	"nevermind/bot"
)

// Where a room's name stands in a value that belongs to nobody, as a lane or as the sender of a message, it stands there as its
// hash: the name itself is in the bucket names, under its room's own key.

// hiddenMark stands before a hash in place of a name.
const hiddenMark = "\x00"

// hide is what stands for a name in a value; the name is stored.
func (tx *transaction) hide(name string) string {
	k := tx.secrets.Known([]byte(name))
	if err := tx.rememberName(k, []byte(name)); err != nil {
		return name // it is told by the next write, which fails as well
	}
	return hiddenMark + string(k.Sum[:])
}

// show is the name again; "" where it was erased.
func (tx *transaction) show(hidden string) string {
	if tx.secrets == nil || len(hidden) != unnamed || !strings.HasPrefix(hidden, hiddenMark) {
		return hidden
	}
	name := tx.nameOf([hashedName]byte([]byte(hidden[1:])))
	if strings.HasPrefix(name, hiddenMark) {
		return ""
	}
	return name
}

// hideKey and showKey are for the keys of conversations: a talk's names its room.
func (tx *transaction) hideKey(k bot.Key) []byte {
	if tx.secrets == nil || tx.secrets.Ring == nil || k.Kind() != "talk" {
		return []byte(k)
	}
	return []byte(tx.hide(string(k)))
}

func (tx *transaction) showKey(stored []byte) bot.Key { return bot.Key(tx.show(string(stored))) }

// hideLane and showLane are for lanes. One whose room was erased is "".
func (tx *transaction) hideLane(lane string) string {
	kind, rest, _ := strings.Cut(lane, ":")
	if tx.secrets == nil || tx.secrets.Ring == nil || rest == "" {
		return lane
	}
	switch {
	case kind == "room", kind == "album", kind == "again", kind == "fetch", kind == "conv" && talkSubject(bot.Key(rest)) != "":
		return kind + ":" + tx.hide(rest)
	}
	return lane
}

func (tx *transaction) showLane(stored string) string {
	kind, rest, _ := strings.Cut(stored, ":")
	switch name := tx.show(rest); {
	case name == rest:
		return stored
	case name == "":
		return ""
	default:
		return kind + ":" + name
	}
}
