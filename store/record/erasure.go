package record

import (
	"slices"
	"strings"

	"nevermind/bot"
)

// Erasure is what is to be erased of one person. It stands in the store until it is done, so that a crash between two steps
// leaves nothing half done: without names, which are erased with it.
type Erasure struct {
	Who      bot.PersonID
	Slots    []uint32 // of the key ring, to be destroyed
	Subjects [][]byte // whose they were, hashed
	Rooms    [][]byte // hashed names
	Talks    [][]byte
	Accounts [][]byte
	Lanes    [][]byte `json:",omitempty"` // in which something may wait for them, where the store knows lanes by their hash
}

// ErasingName is the value under which an erasure stands that has been begun.
const ErasingName = "erasing"

// PlanErasure lists what belongs to somebody, without the slots, and the names of whose keys those are. kinds are those of lanes.
// taken says whether a chat is somebody's now: most platforms call a private room as the account in it.
func (s *Secrets) PlanErasure(who *bot.Person, kinds []string, taken func(account string) (bool, error)) (
	e *Erasure, subjects []string, err error,
) {
	e, subjects = &Erasure{Who: who.ID}, []string{WhoSubject(who.ID)}
	hash := func(name string) []byte {
		sum := s.HashOnce([]byte(name))
		return sum[:]
	}
	room := func(room string) {
		subjects = append(subjects, RoomSubject(room))
		e.Rooms, e.Talks = append(e.Rooms, hash(room)), append(e.Talks, hash("talk/"+room))
		for _, kind := range kinds {
			e.Lanes = append(e.Lanes, hash(kind+":"+room), hash(kind+":talk/"+room))
		}
	}
	for _, a := range who.Accounts {
		subjects, e.Accounts = append(subjects, AccountSubject(a)), append(e.Accounts, hash(a))
	}
	for _, r := range slices.Concat(who.Rooms, who.Shut) {
		room(string(r))
	}
	for _, chat := range who.Former {
		account, former, _ := strings.Cut(chat, " ")
		theirs := true
		for _, at := range []string{account, former} {
			if at == "" || !theirs {
				continue
			}
			is, err := taken(at)
			if err != nil {
				return nil, nil, err
			}
			theirs = !is // else it is somebody else's now
		}
		if !theirs {
			continue
		}
		if account != "" {
			subjects = append(subjects, AccountSubject(account))
		}
		if former != "" {
			room(former)
		}
	}
	return e, subjects, nil
}
