package web

import (
	"strings"

	"nevermind/bot"
)

// Desk is the one room in which support's people work.
const Desk bot.Room = "web:desk"

// RoomOf is the room in which a person talks on the page: "web:" and their id, or the desk for all of support.
func RoomOf(p bot.PersonID) bot.Room {
	if party, _ := p.Split(); party == bot.Support {
		return Desk
	}
	return bot.Room("web:" + string(p))
}

// AccountOf is the account by which a person speaks on the page.
func AccountOf(p bot.PersonID) string { return "web:" + string(p) }

// maySpeak says whether an account may speak in a room: a buyer or seller in their own, any agent at the desk.
func maySpeak(room bot.Room, account string) bool {
	if room == Desk {
		return strings.HasPrefix(account, "web:support:") && account != AccountOf(bot.Desk)
	}
	return account == string(room) && isPageRoom(room)
}

// isPageRoom says whether a room is one of the page's.
func isPageRoom(room bot.Room) bool {
	who, ok := strings.CutPrefix(string(room), "web:")
	party, id := bot.PersonID(who).Split()
	return room == Desk || ok && id != "" && (party == bot.Buyer || party == bot.Seller)
}
