package slack

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"nevermind/bot"
)

// homeID begins the action id of every button in a home tab; its value is the list and the page it leads to.
const homeID = "home/"

// homes are the home tabs that somebody has opened lately: shown afresh when something moves.
type homes struct {
	mu    sync.Mutex
	open  map[string]*home // by user
	stale map[string]bool
	timer *time.Timer
	wait  time.Duration // how much moves before they are shown afresh
}

// home is what one person's home tab shows.
type home struct {
	channel string // of their direct messages
	list    string
	page    int
	seen    time.Time
	turn    *sync.Mutex // one is shown after the other: what was read last is what stands there in the end
}

// How many home tabs are kept fresh, for how long after they were opened, and how long moves are gathered.
const (
	mostHomes = 500
	homeLasts = 12 * time.Hour
	homeWait  = 3 * time.Second
)

// homeOpened shows somebody their home tab.
func (in *intake) homeOpened(e *inner) {
	if e.Tab == "messages" || in.cfg.Desk == nil || e.User == "" {
		return
	}
	in.homes.opened(string(e.User), string(e.Channel), in.cfg.Now())
	in.later(func(ctx context.Context) { in.publish(ctx, string(e.User)) })
}

// homePressed turns to another list or page.
func (in *intake) homePressed(user, value string) {
	list, page, _ := strings.Cut(value, "/")
	n, err := strconv.Atoi(page)
	if err != nil || in.cfg.Desk == nil {
		return
	}
	in.homes.turned(user, list, n, in.cfg.Now())
	in.later(func(ctx context.Context) { in.publish(ctx, user) })
}

// publish shows a home tab as it is now. One that cannot be shown is shown when it is next opened.
func (a *Adapter) publish(ctx context.Context, user string) {
	err := a.showHome(ctx, user)
	if err == nil || errors.Is(err, errClosed) {
		return
	}
	a.cfg.Meter.Count("homes_not_shown", name, 1)
	a.cfg.Log.Warn("slack: a home tab could not be shown", slog.Any("why", plainError(err)))
}

func (a *Adapter) showHome(ctx context.Context, user string) error {
	if turn := a.homes.at(user).turn; turn != nil {
		turn.Lock()
		defer turn.Unlock()
	}
	house, us, err := a.inside()
	if err != nil {
		return err
	}
	who, err := a.person(ctx, house, us, us.team, user)
	if err != nil {
		return err
	}
	board, err := a.cfg.Desk(ctx, who, Asked{What: Queue})
	if err != nil {
		return err
	}
	h := a.homes.at(user)
	s, err := a.sightsOf(ctx, house, us, &who, a.cardsOf(&who, h.channel))
	if err != nil {
		return err
	}
	if err := a.pace.wait(ctx, "", tierHome); err != nil {
		return err
	}
	_, err = a.api.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: user, View: s.home(&board, h)})
	return a.learn(tierHome, err)
}

// person is who acts on Slack; without an ID where nobody knows them.
func (a *Adapter) person(ctx context.Context, house House, us self, team, user string) (bot.Person, error) {
	account, err := a.speaker(ctx, house, us, team, user)
	if err != nil {
		return bot.Person{}, err
	}
	who, err := house.Store().PersonAt(ctx, account)
	if errors.Is(err, bot.ErrNone) {
		return bot.Person{}, nil
	}
	return who, err
}

// cardsOf is the channel in which somebody's cards stand.
func (a *Adapter) cardsOf(who *bot.Person, direct string) string {
	if who.Party() == bot.Support {
		return a.cfg.Channel
	}
	return direct
}

// home is the view of a home tab.
func (s *sights) home(b *Board, h home) slack.HomeTabViewRequest {
	blocks := s.head(b)
	if len(b.Lists) > 0 {
		i := max(0, slices.IndexFunc(b.Lists, func(l List) bool { return l.Name == h.list }))
		blocks = append(blocks, filters(b.Lists, i), slack.NewDividerBlock())
		blocks = append(blocks, s.page(&b.Lists[i], h.page)...)
	}
	if b.Foot != "" {
		blocks = append(blocks, slack.NewContextBlock("", slack.NewTextBlockObject(slack.PlainTextType, short(b.Foot, longLine), false, false)))
	}
	return slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: blocks}}
}

// filters are the buttons that choose a list.
func filters(lists []List, chosen int) slack.Block {
	var row []slack.BlockElement
	for i, l := range lists[:min(len(lists), mostButtons)] {
		e := slack.NewButtonBlockElement(homeID+l.Name, l.Name+"/0", words(l.Title+" · "+strconv.Itoa(len(l.Lines)), longButton))
		if i == chosen {
			e.Style = slack.StylePrimary
		}
		row = append(row, e)
	}
	return slack.NewActionBlock("", row...)
}

// page is one page of a list, and the way to the others.
func (s *sights) page(l *List, n int) []slack.Block {
	if len(l.Lines) == 0 {
		return []slack.Block{paragraph(l.Empty, false)}
	}
	last := (len(l.Lines) - 1) / mostLines
	n = min(max(n, 0), last)
	var blocks []slack.Block
	for i := n * mostLines; i < min(len(l.Lines), (n+1)*mostLines); i++ {
		blocks = append(blocks, s.line(&l.Lines[i]), slack.NewDividerBlock())
	}
	var row []slack.BlockElement
	if n > 0 {
		row = append(row, slack.NewButtonBlockElement(homeID+"back", l.Name+"/"+strconv.Itoa(n-1), words(s.say(wordsEarlier), longButton)))
	}
	if n < last {
		row = append(row, slack.NewButtonBlockElement(homeID+"on", l.Name+"/"+strconv.Itoa(n+1), words(s.say(wordsNext), longButton)))
	}
	if len(row) > 0 {
		blocks = append(blocks, slack.NewActionBlock("", row...))
	}
	return blocks
}

// opened notes that somebody looks at their home tab.
func (h *homes) opened(user, channel string, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	one := h.of(user, now)
	one.channel, one.seen = channel, now
}

func (h *homes) turned(user, list string, page int, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	one := h.of(user, now)
	one.list, one.page, one.seen = list, page, now
}

// of finds somebody's home tab, and forgets those that nobody has opened for long; h.mu is held.
func (h *homes) of(user string, now time.Time) *home {
	if h.open == nil {
		h.open, h.stale = map[string]*home{}, map[string]bool{}
	}
	one := h.open[user]
	if one == nil {
		for u, o := range h.open {
			if len(h.open) >= mostHomes || now.Sub(o.seen) > homeLasts {
				delete(h.open, u)
			}
		}
		one = &home{turn: &sync.Mutex{}}
		h.open[user] = one
	}
	return one
}

func (h *homes) at(user string) home {
	h.mu.Lock()
	defer h.mu.Unlock()
	if one := h.open[user]; one != nil {
		return *one
	}
	return home{}
}

// moved has the home tabs that show a channel's cards shown afresh, once a little has gathered.
func (a *Adapter) moved(channel string) {
	h := &a.homes
	h.mu.Lock()
	defer h.mu.Unlock()
	for user, one := range h.open {
		if channel == a.cfg.Channel || channel == one.channel {
			h.stale[user] = true
		}
	}
	if len(h.stale) > 0 && h.timer == nil {
		h.timer = time.AfterFunc(max(h.wait, time.Duration(len(h.stale))*h.wait/3), a.refresh) // many at once stay within Slack's tier
	}
}

// refresh shows the home tabs afresh that are out of date.
func (a *Adapter) refresh() {
	h := &a.homes
	h.mu.Lock()
	stale := h.stale
	h.stale, h.timer = map[string]bool{}, nil
	h.mu.Unlock()
	for user := range stale {
		a.later(func(ctx context.Context) { a.publish(ctx, user) })
	}
}
