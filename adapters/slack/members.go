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

// An agent, who may decide, is a member of the support channel who belongs to our own team: a full member, no guest and no
// bot. Slack alone says who that is; it is asked again after membersFresh.

// memberCache remembers for a short while what Slack said of people. The zero value is ready for use.
type memberCache struct {
	mu           sync.Mutex
	inChannel    map[string]bool // the members of the support channel, by user
	membersRead  time.Time
	changes      int // how often somebody has come, gone or changed
	readAtChange int // changes when inChannel was read: where it is less, inChannel is out of date
	profiles     map[string]profile
}

// profile is what Slack says of one user.
type profile struct {
	colleague bool // a full member of our team, alive and no bot
	name      string
	language  string // ISO 639-1
	zone      string // a time zone's name
	read      time.Time
	stored    bool // as a person, just as it is here
}

// How long what Slack said is believed, how long where Slack does not answer, and how long an answer is waited for: Slack
// gives a press three seconds. Whoever joins, leaves or changes makes it be read again at once; where that event is lost,
// somebody who was dismissed decides for membersFresh at most.
const (
	membersFresh  = 10 * time.Second
	membersStale  = 10 * time.Minute
	memberTimeout = 2 * time.Second
)

// accountOf returns the account of whoever acts. An agent is stored as a person first; somebody who is stored as an agent and
// is none any more gets a visitor's account, which may read but not decide.
func (a *Adapter) accountOf(ctx context.Context, s *session, team, user string) (string, error) {
	// A guest from another team, in a shared channel.
	if team != "" && team != s.self.team {
		return visitorAccount(team, user), nil
	}
	who := accountID(s.self.team, user)
	person, err := s.records.PersonAt(ctx, who)
	stranger := errors.Is(err, bot.ErrNone)
	if err != nil && !stranger {
		return "", err
	}
	// A buyer or a seller is who they are whatever Slack says; only agents have to be members of the channel.
	if !stranger && person.Party() != bot.Support {
		return who, nil
	}
	agent, err := a.agent(ctx, s, user)
	switch {
	case err != nil:
		return "", err
	// Neither an agent nor anybody known: the engine decides what a stranger may do.
	case agent == nil && stranger:
		return who, nil
	// Stored as an agent once, and no longer a member.
	case agent == nil:
		return visitorAccount(s.self.team, user), nil
	case agent.stored && !stranger:
		return who, nil
	}
	_, err = s.engine.PutPerson(ctx, bot.Person{ID: bot.NewPersonID(bot.Support, user), Name: agent.name, Language: agent.language,
		Zone: agent.zone, Accounts: []string{who}})
	if err != nil {
		return "", err
	}
	if err := setDeskTimeZone(ctx, s); err != nil {
		return "", err
	}
	a.members.markStored(user)
	return who, nil
}

// person returns the person who acts; one without an ID where nobody knows them.
func (a *Adapter) person(ctx context.Context, s *session, team, user string) (bot.Person, error) {
	account, err := a.accountOf(ctx, s, team, user)
	if err != nil {
		return bot.Person{}, err
	}
	who, err := s.records.PersonAt(ctx, account)
	if errors.Is(err, bot.ErrNone) {
		return bot.Person{}, nil
	}
	return who, err
}

// isAgent says whether an account that accountOf has returned is an agent's.
func (s *session) isAgent(ctx context.Context, account string) (bool, error) {
	who, err := s.records.PersonAt(ctx, account)
	if errors.Is(err, bot.ErrNone) {
		return false, nil
	}
	return err == nil && who.Party() == bot.Support, err
}

// agent returns the profile of an agent, nil of anybody else.
func (a *Adapter) agent(ctx context.Context, s *session, user string) (*profile, error) {
	if a.cfg.Channel == "" {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, memberTimeout)
	defer cancel()
	member, err := a.isMember(ctx, user)
	if !member || err != nil {
		return nil, err
	}
	p, err := a.profileOf(ctx, s, user)
	if !p.colleague || err != nil {
		return nil, err
	}
	return &p, nil
}

// isMember says whether somebody is in the support channel. Where Slack does not answer, what it said last is believed for
// membersStale, unless somebody has come or gone since.
func (a *Adapter) isMember(ctx context.Context, user string) (bool, error) {
	c, now := &a.members, a.cfg.Now()
	// The lock is not held while Slack is asked; two who ask at once both read, and the later one is remembered.
	c.mu.Lock()
	members, age, changes, changed := c.inChannel, now.Sub(c.membersRead), c.changes, c.changes != c.readAtChange
	c.mu.Unlock()
	if members != nil && !changed && age <= membersFresh {
		return members[user], nil
	}
	fresh, err := a.readMembers(ctx)
	if err != nil {
		if members != nil && !changed && age <= membersStale {
			a.cfg.Meter.Count("roles_stale", adapterName, 1)
			return members[user], nil
		}
		return false, fmt.Errorf("read who is in the support channel: %w", sanitizeError(err))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.inChannel, c.membersRead, c.readAtChange = fresh, now, changes
	return fresh[user], nil
}

// profileOf returns somebody's profile; where Slack does not answer, the last one for membersStale.
func (a *Adapter) profileOf(ctx context.Context, s *session, user string) (profile, error) {
	c, now := &a.members, a.cfg.Now()
	c.mu.Lock()
	last, ok := c.profiles[user]
	c.mu.Unlock()
	if ok && now.Sub(last.read) <= membersFresh {
		return last, nil
	}
	u, err := a.api.GetUserInfoContext(ctx, user, slack.GetUserInfoOptionIncludeLocale(true))
	if err != nil {
		if ok && now.Sub(last.read) <= membersStale {
			a.cfg.Meter.Count("roles_stale", adapterName, 1)
			return last, nil
		}
		return profile{}, fmt.Errorf("read who presses: %w", sanitizeError(err))
	}
	p := parseProfile(u, s.self.team, now)
	// A changed name, language or zone is stored again.
	p.stored = last.stored && last.name == p.name && last.language == p.language && last.zone == p.zone
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.profiles == nil {
		c.profiles = map[string]profile{}
	}
	c.profiles[user] = p
	return p, nil
}

// parseProfile makes a profile of what Slack says of a user, read at that time.
func parseProfile(u *slack.User, team string, read time.Time) profile {
	p := profile{read: read, zone: u.TZ, name: u.Profile.DisplayName}
	// Restricted users are guests; a stranger is a member of another team in a shared channel.
	p.colleague = u.TeamID == team && !u.Deleted && !u.IsBot && !u.IsRestricted && !u.IsUltraRestricted && !u.IsStranger
	if p.name == "" {
		p.name = u.RealName
	}
	if p.name == "" {
		p.name = u.Name
	}
	p.language, _, _ = strings.Cut(strings.ToLower(u.Locale), "-")
	return p
}

// readMembers reads who is in the support channel, page by page.
func (a *Adapter) readMembers(ctx context.Context) (map[string]bool, error) {
	members, cursor := map[string]bool{}, ""
	for {
		page, next, err := a.api.GetUsersInConversationContext(ctx, &slack.GetUsersInConversationParameters{
			ChannelID: a.cfg.Channel, Cursor: cursor, Limit: 200})
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

// invalidate makes the channel's members and one user's profile be read again. What was read before is not believed any
// longer, even where Slack does not answer.
func (c *memberCache) invalidate(user string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.changes++
	if p, ok := c.profiles[user]; ok {
		p.read = time.Time{}
		c.profiles[user] = p
	}
}

// markStored notes that somebody's profile is stored as a person.
func (c *memberCache) markStored(user string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if p, ok := c.profiles[user]; ok {
		p.stored = true
		c.profiles[user] = p
	}
}
