package drills

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"nevermind/adapters/telegram/telegramtest"
)

// dialogue is what each person does, and what they then see: their orders, one of them, cancelling it, why, a note in two
// steps, and after all no.
var dialogue = []struct{ typed, pressed, seen string }{
	{typed: "my orders", seen: "Which order?"},
	{pressed: "Bamboo lamp", seen: "is preparing this order"},
	{pressed: "Cancel this order", seen: "Why would you like to cancel?"},
	{pressed: "I don't need it any more", seen: "Please check"},
	{pressed: "Add a note or photos", seen: "know? Write it"},
	{typed: "I ordered it twice by mistake, sorry.", seen: "Your note"},
	{pressed: "Keep the order", seen: "Nothing was sent"},
}

// longestStep is how long somebody waits for an answer before the comparison is off.
const longestStep = 20 * time.Second

// crowd is many people who each go through the dialogue again and again.
type crowd struct {
	t       *testing.T
	walkers []*walker

	mu    sync.Mutex
	calls callCounts
	stuck sync.Once // one chat that waits in vain says what all the others would
}

// walker is one of them.
type walker struct {
	chat  *telegramtest.Chat
	step  int
	now   telegramtest.Message // what they see
	shown chan telegramtest.Message
}

// callCounts counts calls to the Bot API by their method.
type callCounts map[string]int

func newCrowd(t *testing.T, fake *telegramtest.Server) *crowd {
	c := &crowd{t: t, calls: callCounts{}}
	byChat := map[int64]*walker{}
	for i := range compareChats {
		w := &walker{chat: fake.Private(telegramtest.Person{ID: int64(5000 + i), Name: "Ana"}),
			shown: make(chan telegramtest.Message, 16)}
		byChat[w.chat.ID] = w
		c.walkers = append(c.walkers, w)
	}
	fake.Shown = func(m telegramtest.Message) {
		select {
		case byChat[m.Chat].shown <- m:
		default: // nobody looks: they are being linked
		}
	}
	fake.Fault = func(call telegramtest.Call) telegramtest.Fault {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.calls[call.Method]++
		return telegramtest.Fault{}
	}
	return c
}

// rush lets everybody take their next step as soon as they have seen the answer to the one before.
func (c *crowd) rush(most time.Duration) (steps int, waits []time.Duration, took time.Duration) {
	began := time.Now()
	var all sync.WaitGroup
	each := make([][]time.Duration, len(c.walkers))
	for i, w := range c.walkers {
		all.Go(func() {
			for time.Since(began) < most {
				wait, ok := w.take()
				if !ok {
					c.waitsInVain(w)
					return
				}
				each[i] = append(each[i], wait)
			}
		})
	}
	all.Wait()
	took = time.Since(began)
	waits = slices.Concat(each...)
	return len(waits), waits, took
}

// walk lets somebody take a step every so often, whoever has waited longest, however long the others wait for answers.
func (c *crowd) walk(most time.Duration) (steps int, waits []time.Duration, took time.Duration) {
	began, tick := time.Now(), time.NewTicker(time.Second/steadyRate)
	defer tick.Stop()
	idle := make(chan *walker, len(c.walkers))
	for _, w := range c.walkers {
		idle <- w
	}
	var all sync.WaitGroup
	var mu sync.Mutex
	for time.Since(began) < most {
		<-tick.C
		w := <-idle
		all.Go(func() {
			wait, ok := w.take()
			if !ok {
				c.waitsInVain(w)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			waits = append(waits, wait)
			idle <- w
		})
	}
	all.Wait()
	return len(waits), waits, time.Since(began)
}

func (c *crowd) waitsInVain(w *walker) {
	c.stuck.Do(func() {
		c.t.Errorf("chat %d waits for %q and sees %q %q", w.chat.ID, dialogue[w.step].seen, w.now.Text, w.now.Labels())
	})
}

// take takes the next step and waits until its answer is there; false where none comes.
func (w *walker) take() (wait time.Duration, ok bool) {
	for len(w.shown) > 0 { // of before
		<-w.shown
	}
	began, step := time.Now(), dialogue[w.step]
	if step.typed != "" {
		w.chat.Type(step.typed)
	} else if !w.press(step.pressed) {
		return 0, false
	}
	late := time.NewTimer(longestStep)
	defer late.Stop()
	for {
		select {
		case w.now = <-w.shown:
		case <-late.C:
			return 0, false
		}
		if strings.Contains(telegramtest.Seen(w.now.Text), step.seen) {
			w.step = (w.step + 1) % len(dialogue)
			return time.Since(began), true
		}
	}
}

func (w *walker) press(label string) bool {
	for _, row := range w.now.Keyboard {
		for _, b := range row {
			if strings.HasPrefix(telegramtest.Seen(b.Text), label) {
				w.chat.PressData(w.now.ID, b.Data)
				return true
			}
		}
	}
	return false
}

func (c *crowd) counted() callCounts {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.calls)
}

// since is how many calls a step there were after an earlier count.
func (t callCounts) since(before callCounts, steps int) string {
	var parts []string
	for _, method := range slices.SortedFunc(maps.Keys(t), func(a, b string) int { return cmp.Compare(t[b], t[a]) }) {
		if n := float64(t[method]-before[method]) / float64(steps); n >= 0.01 {
			parts = append(parts, fmt.Sprintf("%.2f %s", n, method))
		}
	}
	return strings.Join(parts, ", ")
}
