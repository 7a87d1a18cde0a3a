package slack

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"nevermind/bot"
)

// agents remembers for a short while who may decide: the members of the support channel who belong to our own team.
type agents struct {
	mu      sync.Mutex
	members map[string]bool
	read    time.Time
	changes int // how often somebody has come or gone
	seen    int // changes when members were read
	known   map[string]known
}

// known is what users.info said of somebody.
type known struct {
	ours bool // of our team, a full member, alive and no bot
	name string
	lang string
	zone string
	read time.Time
	kept bool // stored as a person
}

// How long what Slack said of members is believed, and how long it is where Slack does not answer; joins, departures and
// changes make it forgotten at once. Slack gives a press three seconds.
const (
	rolesLast    = time.Minute
	rolesOutlast = 10 * time.Minute
	roleTime     = 2 * time.Second
)

// account is who somebody is on Slack.
func account(team, user string) string { return "slack:" + team + "/" + user }

// visitor is the account of somebody who may read but not decide, although an agent's name may once have been theirs.
func visitor(team, user string) string { return account(team, user) + "/visitor" }

// speaker finds out who acts: an agent becomes a person of their own; whoever is one no longer loses that name.
func (a *Adapter) speaker(ctx context.Context, house House, us self, team, user string) (string, error) {
	if team != "" && team != us.team {
		return visitor(team, user), nil
	}
	who := account(us.team, user)
	held, err := house.Store().PersonAt(ctx, who)
	stranger := errors.Is(err, bot.ErrNone)
	if err != nil && !stranger {
		return "", err
	}
	if !stranger && held.Party() != bot.Support {
		return who, nil
	}
	agent, err := a.agent(ctx, us, user)
	switch {
	case err != nil:
		return "", err
	case agent == nil && stranger:
		return who, nil
	case agent == nil:
		return visitor(us.team, user), nil
	case agent.kept && !stranger:
		return who, nil
	}
	_, err = house.PutPerson(ctx, bot.Person{ID: bot.NewPersonID(bot.Support, user), Name: agent.name, Language: agent.lang, Zone: agent.zone, Accounts: []string{who}})
	if err != nil {
		return "", err
	}
	if err := setClock(ctx, house); err != nil {
		return "", err
	}
	a.agents.keep(user)
	return who, nil
}

// agent returns what is known of somebody who may decide; nil of anybody else. Where Slack does not answer in time, what
// it said last is believed a while longer.
func (a *Adapter) agent(ctx context.Context, us self, user string) (*known, error) {
	if a.cfg.Channel == "" {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, roleTime)
	defer cancel()
	member, err := a.member(ctx, user)
	if !member || err != nil {
		return nil, err
	}
	k, err := a.profile(ctx, us, user)
	if !k.ours || err != nil {
		return nil, err
	}
	return &k, nil
}

// member says whether somebody is in the support channel.
func (a *Adapter) member(ctx context.Context, user string) (bool, error) {
	g, now := &a.agents, a.cfg.Now()
	g.mu.Lock()
	members, age, changes, stale := g.members, now.Sub(g.read), g.changes, g.changes != g.seen
	g.mu.Unlock()
	if members != nil && !stale && age <= rolesLast {
		return members[user], nil
	}
	fresh, err := a.members(ctx)
	if err != nil {
		if members != nil && !stale && age <= rolesOutlast {
			a.cfg.Meter.Count("roles_stale", name, 1)
			return members[user], nil
		}
		return false, fmt.Errorf("read who is in the support channel: %w", plainError(err))
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.members, g.read, g.seen = fresh, now, changes
	return fresh[user], nil
}

// profile is what Slack says of somebody.
func (a *Adapter) profile(ctx context.Context, us self, user string) (known, error) {
	g, now := &a.agents, a.cfg.Now()
	g.mu.Lock()
	k, ok := g.known[user]
	g.mu.Unlock()
	if ok && now.Sub(k.read) <= rolesLast {
		return k, nil
	}
	u, err := a.api.GetUserInfoContext(ctx, user, slack.GetUserInfoOptionIncludeLocale(true))
	if err != nil {
		if ok && now.Sub(k.read) <= rolesOutlast {
			a.cfg.Meter.Count("roles_stale", name, 1)
			return k, nil
		}
		return known{}, fmt.Errorf("read who presses: %w", plainError(err))
	}
	fresh := about(u, us.team, now)
	fresh.kept = k.kept && k.name == fresh.name && k.lang == fresh.lang && k.zone == fresh.zone
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.known == nil {
		g.known = map[string]known{}
	}
	g.known[user] = fresh
	return fresh, nil
}

// about judges what Slack says of a user.
func about(u *slack.User, team string, now time.Time) known {
	k := known{read: now, zone: u.TZ, name: u.Profile.DisplayName}
	k.ours = u.TeamID == team && !u.Deleted && !u.IsBot && !u.IsRestricted && !u.IsUltraRestricted && !u.IsStranger
	if k.name == "" {
		k.name = u.RealName
	}
	if k.name == "" {
		k.name = u.Name
	}
	k.lang, _, _ = strings.Cut(strings.ToLower(u.Locale), "-")
	return k
}

// members reads who is in the support channel, page by page.
func (a *Adapter) members(ctx context.Context) (map[string]bool, error) {
	members, cursor := map[string]bool{}, ""
	for {
		page, next, err := a.api.GetUsersInConversationContext(ctx, &slack.GetUsersInConversationParameters{ChannelID: a.cfg.Channel, Cursor: cursor, Limit: 200})
		if err != nil {
			return nil, err
		}
		for _, m := range page {
			members[m] = true
		}
		if cursor = next; cursor == "" {
			return members, nil
		}
	}
}

// forget makes what was read of roles be read again.
func (g *agents) forget(user string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.changes++
	if k, ok := g.known[user]; ok {
		k.read = time.Time{}
		g.known[user] = k
	}
}

func (g *agents) keep(user string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if k, ok := g.known[user]; ok {
		k.kept = true
		g.known[user] = k
	}
}
