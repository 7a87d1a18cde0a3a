package web

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"nevermind/bot"
)

// Desk is the one room in which support's people work.
const Desk bot.Room = "web:desk"

// RoomOf returns the room in which a buyer or seller talks on the page.
func RoomOf(p bot.PersonID) bot.Room {
	if party, _ := p.Split(); party == bot.Support {
		return Desk
	}
	return bot.Room("web:" + string(p))
}

// AccountOf returns who a person is on the page.
func AccountOf(p bot.PersonID) string { return "web:" + string(p) }

// maySpeak says whether an account may speak in a room: one's own, or any agent at the desk.
func maySpeak(room bot.Room, account string) bool {
	if room == Desk {
		return strings.HasPrefix(account, "web:support:") && account != AccountOf(bot.Desk)
	}
	return account == string(room) && isPageRoom(room)
}

func isPageRoom(room bot.Room) bool {
	who, ok := strings.CutPrefix(string(room), "web:")
	party, id := bot.PersonID(who).Split()
	return room == Desk || ok && id != "" && (party == bot.Buyer || party == bot.Seller)
}

type personLine struct {
	ID       bot.PersonID `json:"id"`
	Name     string       `json:"name"`
	Account  string       `json:"account"`
	Room     bot.Room     `json:"room"`
	Language string       `json:"language,omitempty"`
	Zone     string       `json:"zone,omitempty"`
}

type peopleView struct {
	Buyers  []personLine            `json:"buyers"`
	Sellers []personLine            `json:"sellers"`
	Agents  []personLine            `json:"agents"`
	Menu    map[bot.Party][]Command `json:"menu"`
	Flow    string                  `json:"flow,omitempty"`   // what is drawn before there is a case
	Blocks  bool                    `json:"blocks,omitempty"` // the desk can be looked at as on another platform
}

// maxPeople is how many of a party the choosers list.
const maxPeople = 200

// people answers who can be chosen in each chat, and what else the page needs once.
func (d *Demo) people(w http.ResponseWriter, r *http.Request) error {
	v := peopleView{Menu: d.cfg.Menu, Blocks: d.cfg.Blocks != nil}
	for party, lines := range map[bot.Party]*[]personLine{
		bot.Buyer: &v.Buyers, bot.Seller: &v.Sellers, bot.Support: &v.Agents,
	} {
		var err error
		if *lines, err = d.party(r.Context(), party); err != nil {
			return err
		}
	}
	if i := slices.IndexFunc(d.engine.Flows().All, func(f *bot.Flow) bool { return !f.Talk }); i >= 0 {
		v.Flow = d.engine.Flows().All[i].Name
	}
	return writeJSON(w, v)
}

func (d *Demo) party(ctx context.Context, p bot.Party) ([]personLine, error) {
	found, err := d.engine.Store().People(ctx, p, "", maxPeople)
	lines := make([]personLine, 0, len(found))
	for _, f := range found {
		if f.ID == bot.Desk {
			continue
		}
		_, id := f.ID.Split()
		lines = append(lines, personLine{
			ID: f.ID, Name: nameOr(f.Name, id), Account: AccountOf(f.ID), Room: RoomOf(f.ID),
			Language: f.Language, Zone: f.Zone,
		})
	}
	return lines, err
}

func nameOr(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
