package drills

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"nevermind/adapters/shop"
	"nevermind/adapters/telegram/telegramtest"
	"nevermind/bot"
	"nevermind/flows/transcript"
)

// gathersElsewhere is why a play ends where somebody's data are gathered or erased.
const gathersElsewhere = "the program's own hands do that: its canaries play it in cmd/nevermind"

// notOnTelegram are the lines at which a transcript ends here, by its name, and why.
var notOnTelegram = map[string]struct{ line, why string }{
	"withdrawal/races": {"shop: down", "here the disk does not fail with the shop"},
	"sealing/asked":    {"shop: down", "here the disk does not fail with the shop"},
	"filing/unasked": {"Nobody: {who.jpg} Where is my parcel?",
		"what a stranger sends is not fetched, which is answered by itself"},
	"reception/lost_files":      {"Ana: @too_large", "what Telegram does not hand out is played in adapters/telegram"},
	"watch/late":                {"Ana: [A person, please]", "three watches have spoken at once, and any of them may be the newest"},
	"case/two_phones":           {"Phone: [Yes, ask the seller]", "both are answered at once, and may see that"},
	"withdrawal/left_meanwhile": {"Ana: [Confirm withdrawal]", "here the disk does not fail with the shop"},
	"case/kept_evidence": {"Mira: @keep seller, team: {phone.pdf} Lumen told us on the phone that the price was a mistake.",
		"support has no such shortcut on Telegram"},
	"dispute/kept_evidence": {"Mira: @keep seller packing, team: {scan.jpg} The carrier's scan.",
		"support has no such shortcut on Telegram"},
	"privacy/buyer":     {"Ana: [Send me my data]", gathersElsewhere},
	"privacy/case_open": {"Ana: [Send me my data]", gathersElsewhere},
	"privacy/seller":    {"Lumen: [Send me my data]", gathersElsewhere},
	"privacy/meanwhile": {"Ana: [Yes, delete my data]", gathersElsewhere},
	"desk/leads":        {"direct: Mira", "support's people have no chats of their own here"},
	"case/told_late":    {"clock: +10m", "Telegram names its own times to try again, so the words come some minutes later"},
	"dispute/told_late": {"clock: +10m", "Telegram names its own times to try again, so the words come some minutes later"},
}

// TestTelegramTranscripts plays every transcript of the flows through the whole house and a fake Telegram, buyers and
// sellers in chats of their own: they see, word for word, what the transcript says, and Telegram would take every call.
func TestTelegramTranscripts(t *testing.T) {
	t.Parallel()
	for i, name := range transcripts(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				playOnTelegram(t, name, []string{"poll", "webhook"}[i%2], endsAt(name))
			})
		})
	}
	t.Cleanup(func() {
		if n := otherOrder.Load(); n > 20 {
			t.Errorf("after %d lines people hear the same in another order; several records that speak to one room at once are few", n)
		}
	})
}

// folderOfTranscripts is where they lie.
const folderOfTranscripts = "../../../flows/testdata"

// transcripts are their names.
func transcripts(t *testing.T) (names []string) {
	files, err := filepath.Glob(folderOfTranscripts + "/*/*.chat")
	if err != nil || len(files) == 0 {
		t.Fatal("no transcripts", err)
	}
	for _, file := range files {
		names = append(names, strings.TrimSuffix(strings.TrimPrefix(filepath.ToSlash(file), folderOfTranscripts+"/"), ".chat"))
	}
	return names
}

// otherOrder counts the lines after which people heard the same in another order: where several records speak to one room,
// nothing says which is first.
var otherOrder atomic.Int32

// endsAt is the line at which a transcript ends; empty where it is played whole. One of them has the shop asked eleven
// thousand times, which is for drills.
func endsAt(name string) string {
	if name == "dispute/shop_unanswered" && !long {
		return "clock: +40d"
	}
	return notOnTelegram[name].line
}

// anotherPolicy says whether a line starts the house with another policy, which the play of the flows alone does.
func anotherPolicy(line string) bool { return strings.HasPrefix(line, "new policy: ") }

// playOnTelegram plays a transcript up to a line, or to its end.
func playOnTelegram(t *testing.T, name, mode, until string) {
	text, err := os.ReadFile(filepath.Join(folderOfTranscripts, name+".chat"))
	must(t, err)
	policy, lines := readTranscript(string(text))
	sc := newScene(t, mode, policy, nil)
	for i, p := range lines {
		if p.line == until || anotherPolicy(p.line) {
			return
		}
		got := sc.play(p.line)
		for _, b := range p.told {
			if b.room != "desk" {
				b.forTelegram()
			}
		}
		sc.remember()
		if byRoom(got, false) != byRoom(p.told, false) {
			t.Fatalf("line %d of %d, %s (%s)\ngot\n%s\nwant\n%s\n%s", i+1, len(lines), p.line, mode, byRoom(got, true),
				byRoom(p.told, true), sc.house.Log)
		}
		if byRoom(got, true) != byRoom(p.told, true) {
			t.Logf("line %d of %d, %s: records speak in another order", i+1, len(lines), p.line)
			otherOrder.Add(1)
		}
	}
	if until != "" {
		t.Errorf("there is no line %q", until)
	}
}

// play plays a line and all that follows from it, and returns what people then see; only a line that begins with "& " is
// in the same moment as the next.
func (sc *scene) play(line string) []*bubble {
	sc.t.Helper()
	line, held := strings.CutPrefix(line, "& ")
	if held {
		sc.store.held.Store(true)
	}
	sc.line(line)
	sc.settle()
	if strings.Contains(line, "{") { // a message is heard a moment later, once its files are fetched
		now := sc.now()
		sc.at(now.Add(time.Second))
		sc.settle()
		sc.at(now) // a transcript says itself when time passes
		sc.settle()
	}
	if held {
		return sc.told()
	}
	if sc.store.held.Load() {
		sc.store.held.Store(false)
		sc.engine.Wake()
		sc.settle()
	}
	told := sc.told()
	sc.pass()
	return append(told, sc.told()...)
}

// pass lets a decision go out that nobody means to undo: its ten seconds pass between two lines.
func (sc *scene) pass() {
	due, err := sc.store.Due(sc.t.Context(), sc.now().Add(10*time.Second), 100)
	sc.must(err)
	for _, d := range due {
		if d.Name() == "undo" && d.At.After(sc.now()) {
			sc.move(d.At.Sub(sc.now()))
		}
	}
}

// told is what people see since the last look.
func (sc *scene) told() []*bubble {
	all := append(sc.seen(), sc.desk.said()...)
	for _, b := range all {
		b.hide(sc.engine.Policy().Version)
	}
	return all
}

// line plays one outside line.
func (sc *scene) line(line string) {
	ctx, e := sc.t.Context(), sc.engine
	who, what, _ := strings.Cut(line, ": ")
	switch who {
	case "order":
		o, err := transcript.Order(transcript.Expand(what))
		sc.must(err)
		_, err = e.PutOrder(ctx, sc.spice.order(o))
		sc.must(err)
	case "clock":
		sc.clock(what)
	case "shop":
		sc.shopDoes(strings.Fields(what))
	case "link":
		sc.link(what)
	case "account":
		p := transcript.Cast[what]
		p.Accounts = []string{sc.account(what)}
		sc.person(p)
	case "gone":
		sc.mu.Lock()
		sc.gone[sc.chats[what].ID] = &telegramtest.Fault{Code: 403, Words: "Forbidden: user is deactivated"}
		sc.mu.Unlock()
	case "refuses":
		sc.mu.Lock()
		sc.gone[sc.chats[what].ID] = &telegramtest.Fault{Code: 400, Words: "Bad Request: TOPIC_CLOSED"}
		sc.mu.Unlock()
	case "slow": // Telegram asks to wait, again and again
		sc.mu.Lock()
		sc.gone[sc.chats[what].ID] = &telegramtest.Fault{Code: 429, Words: "Too Many Requests: retry after 600",
			RetryAfter: 10 * time.Minute}
		sc.mu.Unlock()
	case "back":
		sc.mu.Lock()
		delete(sc.gone, sc.chats[what].ID)
		sc.mu.Unlock()
	case "name":
		who, called, _ := strings.Cut(what, " ")
		p := transcript.Cast[who]
		p.Name = transcript.Expand(called)
		sc.person(p)
	case "away":
		away, err := time.ParseDuration(what)
		sc.must(err)
		sc.store.held.Store(true) // nobody is there
		sc.at(sc.now().Add(away))
		sc.must(e.ExtendForOutage(ctx, sc.now().Add(-away), away))
	case "again":
		sc.must(e.Receive(ctx, sc.last))
	case "invite":
		sc.invite(what)
	case "assistant":
		sc.assistant(what)
	default:
		if sc.chats[who] == nil {
			sc.atDesk(who, what)
			return
		}
		sc.speak(who, what)
	}
}

// assistant plays what Ana's own assistant does, with the newest code that her chat was told.
func (sc *scene) assistant(what string) {
	code := ""
	for _, m := range slices.Backward(sc.chats["Ana"].Heard()) {
		if code = transcript.Code(telegramtest.Seen(m.Text)); code != "" {
			break
		}
	}
	_, err := sc.own.Play(sc.t.Context(), sc.engine.Assistants(), what, code)
	sc.must(err)
}

// invite asks the shop's interface for a link.
func (sc *scene) invite(who string) {
	p := transcript.Cast[who]
	_, id := p.ID.Split()
	var link struct{ Token string }
	sc.house.Call("POST", "/v1/links", fmt.Sprintf(`{"role":%q,"id":%q,"name":%q,"locale":%q,"time_zone":%q}`, p.Party(), id, p.Name,
		p.Language, p.Zone), &link)
	sc.links = append(sc.links, link.Token)
}

// clock moves the clock: "+90m", "+2d", or "next" for the next deadline.
func (sc *scene) clock(what string) {
	next, err := sc.store.NextDeadline(sc.t.Context())
	sc.must(err)
	d := max(0, next.Sub(sc.now()))
	if what != "next" {
		amount := strings.TrimPrefix(what, "+")
		if days, ok := strings.CutSuffix(amount, "d"); ok {
			n, err := strconv.Atoi(days)
			sc.must(err)
			amount = fmt.Sprint(24*n, "h")
		}
		d, err = time.ParseDuration(amount)
		sc.must(err)
	}
	if sc.store.held.Load() {
		sc.at(sc.now().Add(d))
		return
	}
	sc.move(d)
}

// shopDoes plays what the shop does.
func (sc *scene) shopDoes(words []string) {
	switch act := words[0]; act {
	case "down", "silent", "up", "speaks":
		sc.mu.Lock()
		sc.shopIs = strings.NewReplacer("up", "", "speaks", "").Replace(act)
		sc.mu.Unlock()
	case "settle", "fail":
		sc.ends(words[1], act == "settle", strings.Join(words[2:], " "))
	case "contradict":
		sc.contradict(words[1], words[2])
	case "bounce":
		sc.bounce(words[1], strings.Join(words[2:], " "))
	default:
		_, err := sc.engine.ChangeOrder(sc.t.Context(), words[1], func(o *bot.Order) error {
			return transcript.Change(o, words,
				sc.now())
		})
		sc.must(err)
	}
}

// bounce has the shop say that the order's last refund that was done has come back.
func (sc *scene) bounce(order, why string) {
	o, err := sc.engine.Order(sc.t.Context(), order)
	sc.must(err)
	for _, p := range slices.Backward(o.Book) {
		if p.Do == "pay_refund" && p.State == "done" {
			var answer any
			sc.house.Call("POST", "/v1/tasks/"+p.Task, fmt.Sprintf(`{"outcome":"bounced","detail":%q}`, why), &answer)
			return
		}
	}
	sc.t.Fatalf("order %s has no refund that is done", order)
}

// ends has the shop say, by its interface, how the order's pending refund ended.
func (sc *scene) ends(order string, ok bool, why string) {
	sc.t.Helper()
	o, err := sc.engine.Order(sc.t.Context(), order)
	sc.must(err)
	i := slices.IndexFunc(o.Book, func(p bot.Posting) bool { return p.Do == "pay_refund" && p.State == "pending" })
	if i < 0 {
		sc.t.Fatalf("order %s has no refund pending", order)
	}
	body := `{"outcome":"done"}`
	if !ok {
		body = fmt.Sprintf(`{"outcome":"failed","detail":%q}`, why)
	}
	var answer any
	sc.house.Call("POST", "/v1/tasks/"+o.Book[i].Task, body, &answer)
}

// contradict lets the shop say the opposite of what it has said of a command.
func (sc *scene) contradict(order, do string) {
	o, err := sc.engine.Order(sc.t.Context(), order)
	sc.must(err)
	i := slices.IndexFunc(o.Book, func(p bot.Posting) bool { return p.Do == do && p.State != "pending" })
	if i < 0 {
		sc.t.Fatalf("order %s has no %s that has ended", order, do)
	}
	other, _ := shop.Ended{Done: o.Book[i].State == "failed"}.Outcome(do)
	if err := sc.engine.Result(sc.t.Context(), o.Book[i].Task, other); !errors.Is(err, bot.ErrSeen) {
		sc.t.Fatalf("another outcome: got %v, want %v", err, bot.ErrSeen)
	}
}

// speak plays what somebody does in their chat.
func (sc *scene) speak(who, what string) {
	sc.t.Helper()
	chat := sc.chats[who]
	if kind, words, isOdd := transcript.Odd(what); isOdd {
		sc.odd(chat, kind, transcript.Expand(words))
		return
	}
	label, isPress := strings.CutPrefix(what, "[")
	label, owner, _ := strings.Cut(label, "] of ")
	label = strings.TrimSuffix(label, "]")
	old, isOld := strings.CutPrefix(label, "[")
	reply, isReply := strings.CutPrefix(what, "> ")
	switch {
	case isPress && strings.HasPrefix(label, "!"):
		sc.press(who, max(chat.Last().ID, 1), label)
	case isPress && owner != "":
		sc.press(who, max(chat.Last().ID, 1), sc.theirs(owner, label))
	case isPress && isOld:
		at, token := sc.button(who, strings.TrimSuffix(old, "]"), true)
		sc.press(who, at, token)
	case isPress:
		at, token := sc.button(who, label, false)
		sc.press(who, at, token)
	case isReply:
		sc.write(chat, reply, sc.quoted(chat))
	default:
		sc.write(chat, what, 0)
	}
}

// press presses a button, and remembers who it was.
func (sc *scene) press(who string, message int, token string) {
	query := sc.chats[who].PressData(message, token)
	sc.pressed[query] = strings.ToLower(who)
	n, err := strconv.ParseInt(strings.TrimPrefix(query, "Q"), 10, 64)
	sc.must(err)
	sc.last = bot.Message{ID: telegramtest.UpdateName(n), Room: bot.Room(sc.account(who)), Account: sc.account(who), Press: token}
}

// write writes, with a file and as an answer where there is one.
func (sc *scene) write(chat *telegramtest.Chat, what string, to int) {
	text, files := transcript.Files(what)
	text = sc.spice.words(text)
	if len(files) > 1 {
		sc.album(chat, transcript.Expand(text), to, files)
		return
	}
	fields := map[string]any{"text": transcript.Expand(text)}
	if len(files) > 0 {
		fields = sc.fake.Attached(files[0].Name, transcript.Content(files[0].Name))
		fields["caption"] = transcript.Expand(text)
	}
	n := chat.Answer(to, fields)
	room := fmt.Sprint("telegram:", chat.ID)
	sc.last = bot.Message{ID: telegramtest.UpdateName(n), Room: bot.Room(room), Account: room, Text: transcript.Expand(text)}
}

// album sends several files as Telegram does: an album, which is heard a few seconds after its last part.
func (sc *scene) album(chat *telegramtest.Chat, caption string, to int, files []bot.File) {
	if len(files) > 10 {
		sc.t.Fatalf("%d files in one album; Telegram takes ten", len(files))
	}
	var parts []map[string]any
	for _, f := range files {
		parts = append(parts, sc.fake.Attached(f.Name, transcript.Content(f.Name)))
	}
	chat.Album(caption, to, parts...)
	sc.settle()
	sc.at(sc.now().Add(6 * time.Second))
}

// odd plays what is more, or less, than words.
func (sc *scene) odd(chat *telegramtest.Chat, kind, words string) {
	public := sc.fake.Group(-chat.ID, chat.Person)
	switch kind {
	case "link":
		chat.Type("/start " + sc.links[len(sc.links)-1])
	case "nolink":
		chat.Type("/start " + strings.Repeat("x", 43))
	case "public":
		name := "@" + sc.fake.Username
		if strings.HasPrefix(words, "/") {
			public.Type(words + name)
			return
		}
		public.Send(map[string]any{"text": name + " " + words, "entities": []telegramtest.Entity{{Type: "mention", Length: len(name)}}})
	case "edited":
		chat.Edit(1, words)
	default:
		odd := oddities(words)[kind]
		if kind == "sticker" && words != "" { // of this kind only a GIF has words with it
			odd = sc.fake.Attached("cat.mp4", []byte("GIF"))
			odd["animation"], odd["caption"] = odd["document"], words
		}
		chat.Send(odd)
	}
}

// oddities are messages without words of their own.
func oddities(words string) map[string]map[string]any {
	somebody := map[string]any{"id": 99, "is_bot": false, "first_name": "Somebody"}
	return map[string]map[string]any{
		"sticker": {"sticker": map[string]any{"file_id": "S1", "file_unique_id": "s1", "type": "regular", "width": 512, "height": 512}},
		"place":   {"location": map[string]any{"latitude": 40.4, "longitude": -3.7}},
		"contact": {"contact": map[string]any{"phone_number": "+34600000000", "first_name": "Somebody"}},
		"poll": {"poll": map[string]any{"id": "1", "question": "?", "options": []any{}, "total_voter_count": 0, "is_closed": false,
			"is_anonymous": true, "type": "regular", "allows_multiple_answers": false}},
		"forwarded": {"text": words, "forward_origin": map[string]any{"type": "user", "date": 1, "sender_user": somebody}},
		"other":     {"story": map[string]any{"id": 1, "chat": map[string]any{"id": 5, "type": "private"}}},
	}
}

// offered is a button somebody was seen to have.
type offered struct {
	chat           int64
	message        int
	label, carries string
	more           string // what More carries, if it is behind that
}

// remember keeps every button that stands in a chat now.
func (sc *scene) remember() {
	for _, who := range slices.Sorted(maps.Keys(sc.chats)) {
		for _, m := range sc.chats[who].Heard() {
			for _, row := range m.Keyboard {
				for _, b := range row {
					sc.keep(offered{m.Chat, m.ID, plainly(b.Text), b.Data, ""})
				}
			}
		}
		sc.rememberMore(sc.chats[who])
	}
}

// keep adds a button to those that somebody was seen to have.
func (sc *scene) keep(o offered) {
	if !slices.Contains(sc.ever, o) {
		sc.ever = append(sc.ever, o)
	}
}

// rememberMore keeps every button that is behind More in a chat: nobody presses More here, since no transcript does.
func (sc *scene) rememberMore(chat *telegramtest.Chat) {
	said, err := sc.store.Said(sc.t.Context(), bot.Room(fmt.Sprint("telegram:", chat.ID)), 0, math.MaxInt64, 50)
	sc.must(err)
	for _, s := range said {
		if s.Out == nil || len(s.Out.Behind) == 0 {
			continue
		}
		message, _ := strconv.Atoi(string(s.Ref))
		for _, b := range s.Out.Behind {
			sc.keep(offered{chat.ID, message, plainly(b.Label), b.Token, s.Out.Choices[len(s.Out.Choices)-1].Token})
		}
	}
}

// button finds the newest button of a label that somebody has, or ever had.
func (sc *scene) button(who, label string, ever bool) (message int, carries string) {
	sc.t.Helper()
	found := sc.offer(who, label, ever)
	if found.carries == "" {
		sc.t.Fatalf("%s has no button %q:\n%s", who, label, sc.chats[who].Texts())
	}
	return found.message, found.carries
}

// offer is the newest button of a label that somebody has, or ever had; none carries nothing.
func (sc *scene) offer(who, label string, ever bool) (found offered) {
	chat := sc.chats[who]
	for _, o := range sc.ever {
		if o.chat == chat.ID && (matches(o.label, label) || sc.spice.alike(o.label, label)) && o.message >= found.message &&
			(ever || sc.has(chat, o)) {
			found = o
		}
	}
	return found
}

// theirs is what a button of somebody else carries.
func (sc *scene) theirs(owner, label string) (carries string) {
	sc.t.Helper()
	if sc.chats[owner] != nil {
		_, carries = sc.button(owner, label, false)
		return carries
	}
	carries, ok := sc.desk.token(label, false)
	if !ok {
		sc.t.Fatalf("the desk has no button %q", label)
	}
	return carries
}

// matches says whether a button has a label, which may be too long for it.
func matches(shown, label string) bool {
	label = plainly(seenOf(label))
	begin, cut := strings.CutSuffix(shown, "…")
	_, begin, numbered := strings.Cut(begin, ". ")
	return shown == label || cut && numbered && strings.HasPrefix(label, begin)
}

// has says whether a button still stands in its chat.
func (sc *scene) has(chat *telegramtest.Chat, o offered) bool {
	for _, m := range chat.Heard() {
		for _, row := range m.Keyboard {
			for _, b := range row {
				if m.ID == o.message && b.Data == cmp.Or(o.more, o.carries) {
					return true
				}
			}
		}
	}
	return false
}

// quoted is the last message in a chat that carries somebody's words, or else the last card of a record.
func (sc *scene) quoted(chat *telegramtest.Chat) int {
	heard := chat.Heard()
	for _, m := range slices.Backward(heard) {
		if slices.ContainsFunc(m.Entities, func(e telegramtest.Entity) bool { return strings.HasSuffix(e.Type, "blockquote") }) {
			return m.ID
		}
	}
	for _, m := range slices.Backward(heard) {
		key, err := sc.store.Sender(sc.t.Context(), bot.Room(fmt.Sprint("telegram:", chat.ID)), bot.Ref(fmt.Sprint(m.ID)))
		if err == nil && key.Kind() != "talk" {
			return m.ID
		}
	}
	sc.t.Fatalf("chat %d has nothing to answer", chat.ID)
	return 0
}

// atDesk plays what an agent does.
func (sc *scene) atDesk(who, what string) {
	sc.t.Helper()
	if sc.sent++; transcript.Cast[who].ID == "" {
		sc.t.Fatalf("nobody is called %q", who)
	}
	m := bot.Message{ID: fmt.Sprint("desk ", sc.sent), Room: deskRoom, Account: sc.account(who)}
	reply, isReply := strings.CutPrefix(what, "> ")
	if isReply {
		what, m.ReplyTo = reply, sc.desk.quoted()
	}
	label, isPress := strings.CutPrefix(strings.TrimSuffix(strings.TrimSuffix(what, "]"), "]"), "[")
	kind, words, isOdd := transcript.Odd(what)
	switch {
	case isOdd && kind == "link":
		m.Link = sc.links[len(sc.links)-1]
	case isOdd:
		m.Unsupported, m.Text = bot.Unsupported(kind), words
	case isPress:
		old, ever := strings.CutPrefix(label, "[")
		token, ok := sc.desk.token(old, ever)
		if m.Press = token; !ok {
			sc.t.Fatalf("the desk has no button %q", label)
		}
	default:
		m.Text, m.Files = transcript.Files(what)
		m.Text = transcript.Expand(sc.spice.words(m.Text))
		for i, f := range m.Files {
			kept, err := sc.blobs.Put(sc.t.Context(), f.Name, strings.NewReader(string(transcript.Content(f.Name))))
			sc.must(err)
			m.Files[i] = kept
		}
	}
	sc.must(sc.engine.Receive(sc.t.Context(), m))
}
