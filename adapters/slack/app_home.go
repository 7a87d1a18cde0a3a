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
const homeActionPrefix = "home/"

// homes are the home tabs that somebody has opened lately: shown afresh when something moves.
type homeTabs struct {
	mu       sync.Mutex
	open     map[string]*homeTab // by user
	stale    map[string]bool
	timer    *time.Timer
	debounce time.Duration // how much moves before they are shown afresh
}

// home is what one person's home tab shows.
type homeTab struct {
	channel    string // of their direct messages
	list       string
	page       int
	opened     time.Time
	publishing *sync.Mutex // one is shown after the other: what was read last is what stands there in the end
}

// How many home tabs are kept fresh, for how long after they were opened, and how long moves are gathered.
const (
	maxHomes     = 500
	homeLifetime = 12 * time.Hour
	homeDebounce = 3 * time.Second
)

// homeOpened shows somebody their home tab.
func (in *intake) homeOpened(e *event) {
	if e.Tab == "messages" || in.cfg.Desk == nil || e.User == "" {
		return
	}
	in.homes.opened(string(e.User), string(e.Channel), in.cfg.Now())
	in.inBackground(func(ctx context.Context) { in.publishHome(ctx, string(e.User)) })
}

// homePressed turns to another list or page.
func (in *intake) homePressed(user, value string) {
	list, page, _ := strings.Cut(value, "/")
	n, err := strconv.Atoi(page)
	if err != nil || in.cfg.Desk == nil {
		return
	}
	in.homes.turnedPage(user, list, n, in.cfg.Now())
	in.inBackground(func(ctx context.Context) { in.publishHome(ctx, user) })
}

// publish shows a home tab as it is now. One that cannot be shown is shown when it is next opened.
func (a *Adapter) publishHome(ctx context.Context, user string) {
	err := a.tryPublishHome(ctx, user)
	if err == nil || errors.Is(err, errNotRunning) {
		return
	}
	a.cfg.Meter.Count("homes_not_shown", name, 1)
	a.cfg.Log.Warn("slack: a home tab could not be shown", slog.Any("why", sanitizeError(err)))
}

func (a *Adapter) tryPublishHome(ctx context.Context, user string) error {
	if turn := a.homes.snapshot(user).publishing; turn != nil {
		turn.Lock()
		defer turn.Unlock()
	}
	house, us, err := a.running()
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
	h := a.homes.snapshot(user)
	s, err := a.boardViewFor(ctx, house, us, &who, a.cardChannel(&who, h.channel))
	if err != nil {
		return err
	}
	if err := a.pace.wait(ctx, "", tierHome); err != nil {
		return err
	}
	_, err = a.api.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: user, View: s.home(&board, h)})
	return a.callError(tierHome, err)
}

// person is who acts on Slack; without an ID where nobody knows them.
func (a *Adapter) person(ctx context.Context, house Engine, us identity, team, user string) (bot.Person, error) {
	account, err := a.accountOf(ctx, house, us, team, user)
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
func (a *Adapter) cardChannel(who *bot.Person, direct string) string {
	if who.Party() == bot.Support {
		return a.cfg.Channel
	}
	return direct
}

// home is the view of a home tab.
func (s *boardView) home(b *Board, h homeTab) slack.HomeTabViewRequest {
	blocks := s.head(b)
	if len(b.Lists) > 0 {
		i := max(0, slices.IndexFunc(b.Lists, func(l List) bool { return l.Name == h.list }))
		blocks = append(blocks, listButtons(b.Lists, i), slack.NewDividerBlock())
		blocks = append(blocks, s.page(&b.Lists[i], h.page)...)
	}
	if b.Foot != "" {
		blocks = append(blocks, slack.NewContextBlock("", slack.NewTextBlockObject(slack.PlainTextType, truncate(b.Foot, maxLineTitle), false, false)))
	}
	return slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: blocks}}
}

// filters are the buttons that choose a list.
func listButtons(lists []List, chosen int) slack.Block {
	var row []slack.BlockElement
	for i, l := range lists[:min(len(lists), maxButtons)] {
		e := slack.NewButtonBlockElement(homeActionPrefix+l.Name, l.Name+"/0", textObject(l.Title+" · "+strconv.Itoa(len(l.Lines)), maxButton))
		if i == chosen {
			e.Style = slack.StylePrimary
		}
		row = append(row, e)
	}
	return slack.NewActionBlock("", row...)
}

// page is one page of a list, and the way to the others.
func (s *boardView) page(l *List, n int) []slack.Block {
	if len(l.Lines) == 0 {
		return []slack.Block{paragraph(l.Empty, false)}
	}
	last := (len(l.Lines) - 1) / linesPerPage
	n = min(max(n, 0), last)
	var blocks []slack.Block
	for i := n * linesPerPage; i < min(len(l.Lines), (n+1)*linesPerPage); i++ {
		blocks = append(blocks, s.line(&l.Lines[i]), slack.NewDividerBlock())
	}
	var row []slack.BlockElement
	if n > 0 {
		row = append(row, slack.NewButtonBlockElement(homeActionPrefix+"back", l.Name+"/"+strconv.Itoa(n-1), textObject(s.say(wordsEarlier), maxButton)))
	}
	if n < last {
		row = append(row, slack.NewButtonBlockElement(homeActionPrefix+"on", l.Name+"/"+strconv.Itoa(n+1), textObject(s.say(wordsNext), maxButton)))
	}
	if len(row) > 0 {
		blocks = append(blocks, slack.NewActionBlock("", row...))
	}
	return blocks
}

// opened notes that somebody looks at their home tab.
func (h *homeTabs) opened(user, channel string, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	one := h.tabOf(user, now)
	one.channel, one.opened = channel, now
}

func (h *homeTabs) turnedPage(user, list string, page int, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	one := h.tabOf(user, now)
	one.list, one.page, one.opened = list, page, now
}

// of finds somebody's home tab, and forgets those that nobody has opened for long; h.mu is held.
func (h *homeTabs) tabOf(user string, now time.Time) *homeTab {
	if h.open == nil {
		h.open, h.stale = map[string]*homeTab{}, map[string]bool{}
	}
	one := h.open[user]
	if one == nil {
		for u, o := range h.open {
			if len(h.open) >= maxHomes || now.Sub(o.opened) > homeLifetime {
				delete(h.open, u)
			}
		}
		one = &homeTab{publishing: &sync.Mutex{}}
		h.open[user] = one
	}
	return one
}

func (h *homeTabs) snapshot(user string) homeTab {
	h.mu.Lock()
	defer h.mu.Unlock()
	if one := h.open[user]; one != nil {
		return *one
	}
	return homeTab{}
}

// moved has the home tabs that show a channel's cards shown afresh, once a little has gathered.
func (a *Adapter) cardChanged(channel string) {
	h := &a.homes
	h.mu.Lock()
	defer h.mu.Unlock()
	for user, one := range h.open {
		if channel == a.cfg.Channel || channel == one.channel {
			h.stale[user] = true
		}
	}
	if len(h.stale) > 0 && h.timer == nil {
		h.timer = time.AfterFunc(max(h.debounce, time.Duration(len(h.stale))*h.debounce/3), a.republishStaleHomes) // many at once stay within Slack's tier
	}
}

// refresh shows the home tabs afresh that are out of date.
func (a *Adapter) republishStaleHomes() {
	h := &a.homes
	h.mu.Lock()
	stale := h.stale
	h.stale, h.timer = map[string]bool{}, nil
	h.mu.Unlock()
	for user := range stale {
		a.inBackground(func(ctx context.Context) { a.publishHome(ctx, user) })
	}
}
