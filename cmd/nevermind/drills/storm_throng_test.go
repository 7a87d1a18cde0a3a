package drills

import (
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"nevermind/adapters/telegram/telegramtest"
	"nevermind/bot"
	"nevermind/store/bolt"
)

// throng is two hundred people who write to a house, and how long each waits for an answer.
type throng struct {
	t     *testing.T
	fake  *telegramtest.Server
	store *bolt.Store

	mu    sync.Mutex
	asked map[int64]time.Time // whose answer has not come
	waits []time.Duration
	wrote map[int64]int // messages of each chat
}

const inThrong = 200

func newThrong(t *testing.T) *throng {
	c := &throng{t: t, fake: telegramtest.Within(t), asked: map[int64]time.Time{}, wrote: map[int64]int{}}
	c.fake.Heard = func(m telegramtest.Message) {
		c.mu.Lock()
		defer c.mu.Unlock()
		if at, waits := c.asked[m.Chat]; waits {
			c.waits = append(c.waits, time.Since(at))
			delete(c.asked, m.Chat)
		}
	}
	c.store = withTelegram(t, c.fake)
	return c
}

// throngs is for how many seconds they write: a minute in a drill.
func throngs() int {
	if long {
		return 60
	}
	return 4
}

// writes lets somebody write; how long they wait is taken down where they wait for nothing yet.
func (c *throng) writes(id int64, text string) {
	c.mu.Lock()
	if _, waits := c.asked[id]; !waits {
		c.asked[id] = time.Now()
	}
	c.wrote[id]++
	c.mu.Unlock()
	c.fake.Private(telegramtest.Person{ID: id, Name: "P"}).Type(text)
}

// goesOn lets everybody write every twenty seconds for a spell, and something happen ten times a second besides.
func (c *throng) goesOn(besides func(tenth int)) {
	for tenth := range 10 * throngs() {
		c.writes(int64(100+tenth%inThrong), "hello")
		besides(tenth)
		<-time.After(100 * time.Millisecond)
	}
}

// lost counts messages that the store has not; everybody has been answered by then.
func (c *throng) lost() (written, lost int) {
	<-time.After(time.Hour)
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.asked) > 0 {
		c.t.Errorf("%d were never answered", len(c.asked))
	}
	for id, wrote := range c.wrote {
		said := 0
		for after := uint64(0); ; {
			more, err := c.store.Said(c.t.Context(), bot.Room(fmt.Sprint("telegram:", id)), after, 0, 500)
			must(c.t, err)
			if len(more) == 0 {
				break
			}
			for _, s := range more {
				if after = s.Seq; s.In != nil {
					said++
				}
			}
		}
		written, lost = written+wrote, lost+wrote-said
	}
	return written, lost
}

// percentile is how long all but so many of a hundred waited at most.
func (c *throng) percentile(p float64) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	slices.Sort(c.waits)
	return c.waits[int(math.Ceil(float64(len(c.waits))*p/100))-1]
}

// TestOneChatFloodsDrill lets one chat write a thousand messages a minute beside two hundred others, in made-up time and at the
// default pace: none is lost, and one other in a hundred waits at most twice as long as without it.
func TestOneChatFloodsDrill(t *testing.T) {
	t.Parallel()
	p99 := map[bool]time.Duration{}
	for _, floods := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			c := newThrong(t)
			c.goesOn(func(tenth int) {
				for n := tenth * 1000 / 600; floods && n < (tenth+1)*1000/600; n++ {
					c.fake.Private(telegramtest.Person{ID: 1, Name: "P"}).Type("hello")
					c.wrote[1]++
				}
			})
			p99[floods] = c.percentile(99)
			written, lost := c.lost()
			t.Logf("one floods: %v: %d messages, %d lost, others' p50 %v, p99 %v", floods, written, lost, c.percentile(50), p99[floods])
			if lost > 0 {
				t.Errorf("%d messages are lost", lost)
			}
		})
	}
	const place = time.Second / 30 // of a message in the pace: less is nothing to be measured by
	if p99[true] > 2*max(p99[false], place) {
		t.Errorf("beside the flood others' p99 is %v, without it %v", p99[true], p99[false])
	}
}

// TestOverloadDrill has two hundred people write ten times as much as the pace lets out, for a spell: none of it is lost, and
// everybody is answered.
func TestOverloadDrill(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newThrong(t)
		began := time.Now()
		c.goesOn(func(tenth int) {
			for i := range 29 { // with the one of goesOn three hundred a second
				c.writes(int64(100+(tenth*29+i)%inThrong), "hello")
			}
		})
		offered := time.Since(began)
		written, lost := c.lost()
		t.Logf("%d messages in %v, ten times the pace: %d lost; p50 %v, p99 %v", written, offered.Round(time.Second), lost,
			c.percentile(50), c.percentile(99))
		if lost > 0 {
			t.Errorf("%d messages are lost", lost)
		}
	})
}
