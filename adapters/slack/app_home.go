package slack

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"nevermind/bot"
)

// homeTabs are the home tabs that people have opened lately. When a card changes, the tabs that show it are published again,
// debounced: many changes within a few seconds are one publication. After a restart a tab stays as it is until it is opened.
type homeTabs struct {
	mu       sync.Mutex
	open     map[string]*homeTab // by user
	stale    map[string]bool     // by user: to be published again when the timer fires
	timer    *time.Timer         // nil while none is stale
	debounce time.Duration
}

// homeTab is what one person's home tab shows.
type homeTab struct {
	channel    string // of their direct messages with us
	list       string // the name of the chosen list; empty is the first
	page       int    // 0 is the first
	opened     time.Time
	publishing *sync.Mutex // held while one is published, so that the last one read is the last one shown
}

// How many home tabs are published again when something changes, for how long after they were last opened or pressed, and how
// long changes are gathered.
const (
	maxHomes     = 500
	homeLifetime = 12 * time.Hour
	homeDebounce = 3 * time.Second
)

// homeOpened publishes the home tab of whoever opens it.
func (in *intake) homeOpened(e *event) {
	if e.Tab == "messages" || in.cfg.Desk == nil || e.User == "" {
		return
	}
	in.homes.opened(string(e.User), string(e.Channel), in.cfg.Now())
	in.inBackground(func(ctx context.Context) { in.publishHome(ctx, string(e.User)) })
}

// homePressed turns a home tab to another list or page.
func (in *intake) homePressed(user, target string) {
	list, page, ok := parseHomeTarget(target)
	if !ok || in.cfg.Desk == nil {
		in.unknown("element", "of the home tab")
		return
	}
	in.homes.turnedPage(user, list, page, in.cfg.Now())
	in.inBackground(func(ctx context.Context) { in.publishHome(ctx, user) })
}

// publishHome publishes a home tab as it is now. A failure is logged: the tab is published when it is opened again.
func (a *Adapter) publishHome(ctx context.Context, user string) {
	err := a.tryPublishHome(ctx, user)
	if err == nil || errors.Is(err, errNotRunning) {
		return
	}
	a.cfg.Meter.Count("homes_not_shown", adapterName, 1)
	a.cfg.Log.Warn("slack: a home tab could not be shown", slog.Any("why", sanitizeError(err)))
}

// tryPublishHome reads the board for whoever looks at it, lays it out and publishes it.
func (a *Adapter) tryPublishHome(ctx context.Context, user string) error {
	// Whoever waits here reads the board after the one before has published, so an older board never replaces a newer.
	if publishing := a.homes.snapshot(user).publishing; publishing != nil {
		publishing.Lock()
		defer publishing.Unlock()
	}
	s, err := a.running()
	if err != nil {
		return err
	}
	who, err := a.person(ctx, s, s.self.team, user)
	if err != nil {
		return err
	}
	// The home tab shows what the command "queue" shows, on pages instead of cut off.
	board, err := a.cfg.Desk(ctx, who, Asked{What: Queue})
	if err != nil {
		return err
	}
	// The list and the page may have changed while the board was read.
	tab := a.homes.snapshot(user)
	view, err := a.boardViewFor(ctx, s, &who, a.cardChannel(&who, tab.channel))
	if err != nil {
		return err
	}
	if err := a.pace.wait(ctx, "", tierHome); err != nil {
		return err
	}
	_, err = a.api.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: user, View: view.home(&board, &tab)})
	return a.callError(tierHome, err)
}

// cardChannel is the channel in which somebody's cards stand: the support channel for agents, else their direct messages.
func (a *Adapter) cardChannel(who *bot.Person, direct string) string {
	if who.Party() == bot.Support {
		return a.cfg.Channel
	}
	return direct
}

// home is the view of a home tab: what stands above the lists, a button for each list, and a page of the chosen one.
func (v *boardView) home(b *Board, tab *homeTab) slack.HomeTabViewRequest {
	blocks := v.head(b)
	if len(b.Lists) > 0 {
		// A list that is gone, or none chosen yet, is the first.
		i := max(0, slices.IndexFunc(b.Lists, func(l List) bool { return l.Name == tab.list }))
		blocks = append(blocks, listButtons(b.Lists, i), slack.NewDividerBlock())
		blocks = append(blocks, v.page(&b.Lists[i], tab.page)...)
	}
	if b.Foot != "" {
		blocks = append(blocks, slack.NewContextBlock("", textObject(b.Foot, maxLineTitle)))
	}
	return slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: blocks}}
}

// listButtons are the buttons that choose a list, each with how many lines it has.
func listButtons(lists []List, chosen int) slack.Block {
	var row []slack.BlockElement
	for i, l := range lists[:min(len(lists), maxButtons)] {
		e := homeButton(l.Name, homeTarget(l.Name, 0), l.Title+" · "+strconv.Itoa(len(l.Lines)))
		if i == chosen {
			e.Style = slack.StylePrimary
		}
		row = append(row, e)
	}
	return slack.NewActionBlock("", row...)
}

// homeButton is a button of the home tab.
func homeButton(id, target, label string) *slack.ButtonBlockElement {
	return slack.NewButtonBlockElement(homeActionPrefix+id, target, textObject(label, maxButton))
}

// page is one page of a list, and the buttons that lead to its neighbours.
func (v *boardView) page(l *List, n int) []slack.Block {
	if len(l.Lines) == 0 {
		return []slack.Block{paragraph(l.Empty, false)}
	}
	last := (len(l.Lines) - 1) / linesPerPage
	// A page beyond the end, because the list has become shorter, is the last.
	n = min(max(n, 0), last)
	var blocks []slack.Block
	for i := n * linesPerPage; i < min(len(l.Lines), (n+1)*linesPerPage); i++ {
		blocks = append(blocks, v.line(&l.Lines[i]), slack.NewDividerBlock())
	}
	var row []slack.BlockElement
	if n > 0 {
		row = append(row, homeButton("back", homeTarget(l.Name, n-1), v.say(wordsEarlier)))
	}
	if n < last {
		row = append(row, homeButton("on", homeTarget(l.Name, n+1), v.say(wordsNext)))
	}
	if len(row) > 0 {
		blocks = append(blocks, slack.NewActionBlock("", row...))
	}
	return blocks
}

// opened notes that somebody has opened their home tab.
func (h *homeTabs) opened(user, channel string, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	tab := h.tabOf(user, now)
	tab.channel, tab.opened = channel, now
}

// turnedPage notes which list and page somebody looks at.
func (h *homeTabs) turnedPage(user, list string, page int, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	tab := h.tabOf(user, now)
	tab.list, tab.page, tab.opened = list, page, now
}

// tabOf returns somebody's home tab, making it where there is none; that makes room by forgetting old ones. h.mu is held.
func (h *homeTabs) tabOf(user string, now time.Time) *homeTab {
	if h.open == nil {
		h.open, h.stale = map[string]*homeTab{}, map[string]bool{}
	}
	tab := h.open[user]
	if tab == nil {
		// Beyond maxHomes everybody else is forgotten: rare, and each tab is published anew when it is opened.
		for u, o := range h.open {
			if len(h.open) >= maxHomes || now.Sub(o.opened) > homeLifetime {
				delete(h.open, u)
			}
		}
		tab = &homeTab{publishing: &sync.Mutex{}}
		h.open[user] = tab
	}
	return tab
}

// snapshot is a copy of somebody's home tab as it is now; the zero value where they have opened none.
func (h *homeTabs) snapshot(user string) homeTab {
	h.mu.Lock()
	defer h.mu.Unlock()
	if tab := h.open[user]; tab != nil {
		return *tab
	}
	return homeTab{}
}

// cardChanged has the home tabs that show a channel's cards published again once the debounce is over. Many tabs wait longer,
// so that publishing them stays within the rate limit.
func (a *Adapter) cardChanged(channel string) {
	h := &a.homes
	h.mu.Lock()
	defer h.mu.Unlock()
	// A change in the support channel concerns everybody: what agents decide shows in the sellers' tabs too.
	for user, tab := range h.open {
		if channel == a.cfg.Channel || channel == tab.channel {
			h.stale[user] = true
		}
	}
	if len(h.stale) > 0 && h.timer == nil {
		wait := max(h.debounce, time.Duration(len(h.stale))*h.debounce/3)
		h.timer = time.AfterFunc(wait, a.republishStaleHomes)
	}
}

// republishStaleHomes publishes the home tabs that are out of date.
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
