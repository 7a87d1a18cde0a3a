package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"nevermind/bot"
)

// personLine is somebody who can be chosen in a chat.
type personLine struct {
	ID       bot.PersonID `json:"id"`
	Name     string       `json:"name"`
	Account  string       `json:"account"`
	Room     bot.Room     `json:"room"`
	Language string       `json:"language,omitempty"`
	Zone     string       `json:"zone,omitempty"`
	Menu     []Command    `json:"menu,omitempty"` // in their language
}

// peopleView is what the page needs once, when it is opened.
type peopleView struct {
	Buyers  []personLine `json:"buyers"`
	Sellers []personLine `json:"sellers"`
	Agents  []personLine `json:"agents"`
	Flow    string       `json:"flow,omitempty"`   // what is drawn before there is a case
	Blocks  bool         `json:"blocks,omitempty"` // the desk can be looked at as on another platform
}

// maxPeople is how many people of a party can be chosen.
const maxPeople = 200

// people answers who can be chosen in each chat, and what else the page needs once.
func (d *Demo) people(w http.ResponseWriter, r *http.Request) error {
	v := peopleView{Blocks: d.cfg.Blocks != nil}
	for party, lines := range map[bot.Party]*[]personLine{
		bot.Buyer: &v.Buyers, bot.Seller: &v.Sellers, bot.Support: &v.Agents,
	} {
		var err error
		if *lines, err = d.party(r.Context(), party); err != nil {
			return err
		}
		for i := range *lines {
			line := &(*lines)[i]
			line.Menu = d.menu(party, cmp.Or(line.Language, acceptLanguage(r)))
		}
	}
	// Before there is a case the page shows the first flow that is no talk.
	if i := slices.IndexFunc(d.engine.Flows().All, func(f *bot.Flow) bool { return !f.Talk }); i >= 0 {
		v.Flow = d.engine.Flows().All[i].Name
	}
	return writeJSON(w, v)
}

// party lists the people of one party; the desk itself is nobody.
func (d *Demo) party(ctx context.Context, p bot.Party) ([]personLine, error) {
	found, err := d.engine.Store().People(ctx, p, "", maxPeople)
	slices.SortFunc(found, func(a, b bot.Person) int { return cmp.Compare(a.ID, b.ID) })
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
	return newest(lines), err
}

// Generation stands in the ids of people whom the page made, between who they are and when they were made.
const Generation = "."

// newest leaves out whoever a fresh person has taken the place of.
func newest(all []personLine) []personLine {
	of := map[string]string{} // who somebody is, to the id of the newest
	for _, p := range all {
		who, _, _ := strings.Cut(string(p.ID), Generation)
		if id := string(p.ID); len(id) > len(of[who]) || len(id) == len(of[who]) && id > of[who] {
			of[who] = id
		}
	}
	return slices.DeleteFunc(all, func(p personLine) bool {
		who, _, _ := strings.Cut(string(p.ID), Generation)
		return of[who] != string(p.ID)
	})
}

// nameOr is a name, or something else where there is none.
func nameOr(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
