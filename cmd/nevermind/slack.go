package main

import (
	"context"

	"nevermind/adapters/slack"
	"nevermind/bot"
	"nevermind/flows"
)

// openSlack makes the Slack adapter, where there is a token for it. An app made from our manifest is the operator's own,
// and such an app may read back what it has posted.
func openSlack(_ context.Context, s *site) (bot.Adapter, error) {
	set := &s.Slack
	if !set.BotToken.set() {
		return nil, nil
	}
	words, err := flows.Catalog()
	if err != nil {
		return nil, err
	}
	pack, err := s.set.pack()
	if err != nil {
		return nil, err
	}
	var week weekReport
	d := desk{store: s.store, now: s.now, catalog: words,
		clocks: func(ctx context.Context, key bot.Key, reader *bot.Person) ([]bot.Countdown, error) {
			return s.engine.Countdowns(ctx, key, reader)
		},
		week: func(ctx context.Context) (bot.ReportGroup, bool) { return week.group(ctx, s.now(), s.makeReport) }}
	return slack.New(slack.Config{
		BotToken: set.BotToken.text(), AppToken: set.AppToken.text(), SigningSecret: set.SigningSecret.text(), API: set.API,
		Channel: set.Channel, Rate: set.ChannelRate.per(1), History: true, Blobs: s.blobs, Now: s.now, Meter: s.metrics, Log: s.log,
		OnDuty: bot.DutiesOn(s.store), Leads: pack.Policy.Leads, Desk: d.board, Say: words.Text,
	})
}
