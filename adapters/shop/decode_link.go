package shop

import (
	"time"

	"golang.org/x/text/language"

	"nevermind/bot"
)

// DecodeLink reads whom a one-time link is for:
// {"role":"buyer","id":"b-1","name":"Ana","locale":"es","time_zone":"Europe/Madrid"}. All but role and id may be left
// out. The error is Faults.
func DecodeLink(text []byte) (bot.Person, error) {
	f := flatten(text, "a person to link")
	if f.faults != nil && len(f.at) == 0 {
		return bot.Person{}, f.faults
	}
	role := bot.Party(f.text("role", 40, true))
	if role != "" && role != bot.Buyer && role != bot.Seller {
		f.addValueFault("role", string(role), 40, "not a role", "write buyer or seller")
	}
	p := bot.Person{
		ID: bot.NewPersonID(role, f.id("id")), Name: f.text("name", 100, false),
		Language: f.language("locale"), Zone: f.zone("time_zone"),
	}
	f.refuseUnknown()
	if f.faults != nil {
		return bot.Person{}, f.faults
	}
	return p, nil
}

// language reads a BCP 47 tag and returns its base language: "pt" of "pt-BR".
func (f *flatDocument) language(name string) string {
	s := f.text(name, 64, false)
	if s == "" {
		return ""
	}
	tag, err := language.Parse(s)
	base, sure := tag.Base()
	if err != nil || sure == language.No {
		f.addValueFault(name, s, 64, "not a language", `write a BCP 47 tag such as "es" or "pt-BR"`)
		return ""
	}
	return base.String()
}

// zone reads an IANA time zone.
func (f *flatDocument) zone(name string) string {
	s := f.text(name, 64, false)
	if s == "" {
		return ""
	}
	if _, err := time.LoadLocation(s); err != nil || s == "Local" {
		f.addValueFault(name, s, 64, "not a time zone", `write an IANA name such as "Europe/Madrid"`)
		return ""
	}
	return s
}
