package main

import (
	"context"
	"errors"
	"fmt"

	"nevermind/adapters/console"
	"nevermind/bot"
)

// chatCommand is a buyer's side in a terminal.
type chatCommand struct {
	As string `required:"" help:"Whose side: a buyer's id." placeholder:"BUYER_ID"`
}

// Run talks to the assistant as a buyer.
func (c chatCommand) Run(ctx context.Context, p *program) (err error) {
	client, done, err := p.dial(ctx, plan{settle: true, old: true, alive: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	t := console.Terminal{Client: client, In: p.in, Out: p.out, Fancy: isScreen(p.out)}
	err = t.Chat(ctx, bot.NewPersonID(bot.Buyer, c.As))
	if errors.Is(err, console.ErrStranger) {
		return fmt.Errorf("there is no buyer %q in %s: import orders, or start the demo with --data %[2]s", c.As, p.set.folder())
	}
	return err
}
