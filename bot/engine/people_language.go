package engine

import (
	"context"

	"nevermind/bot"
)

// readsAs returns whoever has sent a message with the language that they read: what they have chosen, else what their platform
// says they read, where we speak it, else what the shop says. What the platform says of somebody known is stored with them, so
// that it counts for what is sent later too; a stranger's counts for this message.
func (p *people) readsAs(ctx context.Context, m *bot.Message, actor *bot.Person) (*bot.Person, error) {
	code := p.rules.Speaks(m.Language)
	switch {
	case code == "" || actor.Settings["app_language"] == code:
		return actor, nil
	case actor.ID == "":
		return &bot.Person{Language: code}, nil
	}
	seen := bot.Event{Name: bot.AppLanguageSeen, Facts: bot.Facts{"app_language": code}}
	if err := p.change(ctx, actor.ID, &seen, bot.Commit{}, nil); err != nil {
		return nil, err
	}
	return p.personAt(ctx, m.Account)
}
