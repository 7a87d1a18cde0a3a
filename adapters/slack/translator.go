package slack

import "context"

// translator returns a sentence of this adapter (see words.go) in one language, by its English form.
type translator func(english string) string

// translatorIn is the translator into a language; a sentence that the catalog does not have stays English.
func (a *Adapter) translatorIn(language string) translator {
	return func(english string) string {
		if a.cfg.Say != nil && language != "" && language != "en" {
			if words, ok := a.cfg.Say(language, english); ok {
				return words
			}
		}
		return english
	}
}

// translatorFor is the translator into the language of an account's person; English where nobody knows the account.
func (a *Adapter) translatorFor(ctx context.Context, s *session, account string) translator {
	who, err := s.records.PersonAt(ctx, account)
	if err != nil {
		return a.translatorIn("")
	}
	return a.translatorIn(who.Language)
}
