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
type memberCache struct {
	mu           sync.Mutex
	inChannel    map[string]bool
	membersRead  time.Time
	changes      int // how often somebody has come or gone
	readAtChange int // changes when members were read
	profiles     map[string]profile
}

// known is what users.info said of somebody.
type profile struct {
	colleague bool // of our team, a full member, alive and no bot
	name      string
	language  string
	zone      string
	read      time.Time
	stored    bool // stored as a person
}

// How long what Slack said of members is believed, and how long it is where Slack does not answer; joins, departures and
// changes make it forgotten at once. Slack gives a press three seconds.
const (
	membersFresh  = time.Minute
	membersStale  = 10 * time.Minute
	memberTimeout = 2 * time.Second
)

// account is who somebody is on Slack.
func accountID(team, user string) string { return "slack:" + team + "/" + user }

// visitor is the account of somebody who may read but not decide, although an agent's name may once have been theirs.
func visitorAccount(team, user string) string { return accountID(team, user) + "/visitor" }

// speaker finds out who acts: an agent becomes a person of their own; whoever is one no longer loses that name.
func (a *Adapter) accountOf(ctx context.Context, house Engine, us identity, team, user string) (string, error) {
	if team != "" && team != us.team {
		return visitorAccount(team, user), nil
	}
	who := accountID(us.team, user)
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
		return visitorAccount(us.team, user), nil
	case agent.stored && !stranger:
		return who, nil
	}
	_, err = house.PutPerson(ctx, bot.Person{ID: bot.NewPersonID(bot.Support, user), Name: agent.name, Language: agent.language, Zone: agent.zone, Accounts: []string{who}})
	if err != nil {
		return "", err
	}
	if err := setDeskTimeZone(ctx, house); err != nil {
		return "", err
	}
	a.members.markStored(user)
	return who, nil
}

// agent returns what is known of somebody who may decide; nil of anybody else. Where Slack does not answer in time, what
// it said last is believed a while longer.
func (a *Adapter) agent(ctx context.Context, us identity, user string) (*profile, error) {
	if a.cfg.Channel == "" {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, memberTimeout)
	defer cancel()
	member, err := a.isMember(ctx, user)
	if !member || err != nil {
		return nil, err
	}
	k, err := a.profileOf(ctx, us, user)
	if !k.colleague || err != nil {
		return nil, err
	}
	return &k, nil
}

// member says whether somebody is in the support channel.
func (a *Adapter) isMember(ctx context.Context, user string) (bool, error) {
	g, now := &a.members, a.cfg.Now()
	g.mu.Lock()
	members, age, changes, stale := g.inChannel, now.Sub(g.membersRead), g.changes, g.changes != g.readAtChange
	g.mu.Unlock()
	if members != nil && !stale && age <= membersFresh {
		return members[user], nil
	}
	fresh, err := a.readMembers(ctx)
	if err != nil {
		if members != nil && !stale && age <= membersStale {
			a.cfg.Meter.Count("roles_stale", name, 1)
			return members[user], nil
		}
		return false, fmt.Errorf("read who is in the support channel: %w", sanitizeError(err))
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.inChannel, g.membersRead, g.readAtChange = fresh, now, changes
	return fresh[user], nil
}

// profile is what Slack says of somebody.
func (a *Adapter) profileOf(ctx context.Context, us identity, user string) (profile, error) {
	g, now := &a.members, a.cfg.Now()
	g.mu.Lock()
	k, ok := g.profiles[user]
	g.mu.Unlock()
	if ok && now.Sub(k.read) <= membersFresh {
		return k, nil
	}
	u, err := a.api.GetUserInfoContext(ctx, user, slack.GetUserInfoOptionIncludeLocale(true))
	if err != nil {
		if ok && now.Sub(k.read) <= membersStale {
			a.cfg.Meter.Count("roles_stale", name, 1)
			return k, nil
		}
		return profile{}, fmt.Errorf("read who presses: %w", sanitizeError(err))
	}
	fresh := parseProfile(u, us.team, now)
	fresh.stored = k.stored && k.name == fresh.name && k.language == fresh.language && k.zone == fresh.zone
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.profiles == nil {
		g.profiles = map[string]profile{}
	}
	g.profiles[user] = fresh
	return fresh, nil
}

// about judges what Slack says of a user.
func parseProfile(u *slack.User, team string, now time.Time) profile {
	k := profile{read: now, zone: u.TZ, name: u.Profile.DisplayName}
	k.colleague = u.TeamID == team && !u.Deleted && !u.IsBot && !u.IsRestricted && !u.IsUltraRestricted && !u.IsStranger
	if k.name == "" {
		k.name = u.RealName
	}
	if k.name == "" {
		k.name = u.Name
	}
	k.language, _, _ = strings.Cut(strings.ToLower(u.Locale), "-")
	return k
}

// members reads who is in the support channel, page by page.
func (a *Adapter) readMembers(ctx context.Context) (map[string]bool, error) {
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
func (g *memberCache) invalidate(user string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.changes++
	if k, ok := g.profiles[user]; ok {
		k.read = time.Time{}
		g.profiles[user] = k
	}
}

func (g *memberCache) markStored(user string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if k, ok := g.profiles[user]; ok {
		k.stored = true
		g.profiles[user] = k
	}
}
