package slack

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"nevermind/bot"
)

// What a modal may hold at most.
const (
	longTitle  = 24
	longLabel  = 2000
	longText   = 3000
	longOption = 75
	mostRadios = 10
)

// formCall marks the modals in which a form is filled in.
const formCall = "form"

// answerID names what is filled in; the block is named by the field.
const answerID = "answer"

// sheet is a form as it is shown: the fields, and what was answered so far.
type sheet struct {
	note   note
	title  string // what it is about
	fields []bot.Field
	given  bot.Facts
	look   bool  // it is shown once more, before it goes out
	clip   *clip // the message that becomes evidence, if it is for that
	say    tongue
}

// note is what a modal carries along: nothing that names or describes anybody.
type note struct {
	Press   string  `json:"p,omitempty"`
	Keep    bot.Key `json:"k,omitempty"` // the record whose evidence something becomes
	Clip    string  `json:"m,omitempty"` // the clip that does; it stays here
	Channel string  `json:"c"`
	Thread  string  `json:"t,omitempty"`
	Label   string  `json:"l,omitempty"`
	Looked  string  `json:"h,omitempty"` // what was shown in the last look, under a key of this process
}

// open shows a form to whoever pressed; its trigger lives three seconds.
func (a *Adapter) open(ctx context.Context, trigger, user string, s *sheet) {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	_, err := a.api.OpenViewContext(ctx, trigger, s.view())
	if err == nil {
		return
	}
	a.cfg.Meter.Count("forms_not_opened", name, 1)
	a.cfg.Log.Warn("slack: a form could not be opened", slog.Any("why", plainError(err)))
	ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), callTime)
	defer cancel()
	a.whisper(ctx, press{channel: s.note.Channel, user: user, thread: s.note.Thread}, s.say(wordsTooSlow)) //nolint:errcheck // a passing word
}

// view makes a modal of the form.
func (s *sheet) view() slack.ModalViewRequest {
	v := s.frame(formCall)
	v.Blocks.BlockSet = append(v.Blocks.BlockSet, paragraph(s.title, true))
	if s.clip != nil {
		v.Blocks.BlockSet = append(v.Blocks.BlockSet, s.clip.shown(s.say)...)
	}
	sure := s.sure()
	if s.look {
		v.Blocks.BlockSet = append(v.Blocks.BlockSet, s.preview()...)
	}
	if sure != nil && (s.look || len(s.fields) == 1) {
		v.Blocks.BlockSet = append(v.Blocks.BlockSet, s.question(sure.Ask)...)
	}
	if s.look {
		v.Blocks.BlockSet = append(v.Blocks.BlockSet, slack.NewDividerBlock())
	}
	for i := range s.fields {
		if f := &s.fields[i]; f.Kind != bot.Sure {
			v.Blocks.BlockSet = append(v.Blocks.BlockSet, input(f, s.given[f.Name]))
		}
	}
	submit, leave := wordsContinue, wordsCancel
	switch last := s.look || len(s.fields) == 1 && sure != nil; {
	case last && sure != nil && len(sure.Options) > 1:
		submit, leave = sure.Options[0].Label, sure.Options[1].Label
	case last:
		submit = wordsSend
	}
	v.Submit, v.Close = words(s.say(submit), longTitle), words(s.say(leave), longTitle)
	return v
}

// question is what is asked last, a line each; below a last look the question itself stands out.
func (s *sheet) question(ask string) []slack.Block {
	lines := strings.Split(ask, "\n")
	blocks := make([]slack.Block, len(lines))
	for i, line := range lines {
		blocks[i] = paragraph(line, s.look && i == len(lines)-1)
	}
	return blocks
}

// frame is a modal without what stands in it.
func (s *sheet) frame(call string) slack.ModalViewRequest {
	private, err := json.Marshal(s.note)
	if err != nil {
		panic(err) // plain strings
	}
	return slack.ModalViewRequest{Type: slack.VTModal, CallbackID: call, PrivateMetadata: string(private), Title: words(s.note.Label, longTitle)}
}

// sure is the field that only asks whether it is meant; nil where there is none.
func (s *sheet) sure() *bot.Field {
	i := slices.IndexFunc(s.fields, func(f bot.Field) bool { return f.Kind == bot.Sure })
	if i < 0 {
		return nil
	}
	return &s.fields[i]
}

// preview shows what was answered, as it will go out.
func (s *sheet) preview() []slack.Block {
	rich := []slack.RichTextElement{section(s.say(wordsLook), true)}
	for _, f := range s.fields {
		if answer := shownAs(&f, s.given[f.Name]); f.Kind != bot.Sure && answer != "" {
			rich = append(rich, section(f.Ask, false), quote(answer))
		}
	}
	return []slack.Block{slack.NewRichTextBlock("", rich...)}
}

// shownAs is an answer in the words it was chosen by.
func shownAs(f *bot.Field, answer string) string {
	for _, o := range f.Options {
		if o.Value == answer {
			return o.Label
		}
	}
	return answer
}

// input is one field to be filled in.
func input(f *bot.Field, given string) slack.Block {
	b := slack.NewInputBlock(f.Name, words(f.Ask, longLabel), nil, element(f, given))
	b.Optional = f.Optional || f.If != "" // whether it is asked hangs on another answer
	return b
}

func element(f *bot.Field, given string) slack.BlockElement {
	if f.Kind == bot.OneOf {
		return choice(f, given)
	}
	e := slack.NewPlainTextInputBlockElement(nil, answerID)
	e.InitialValue = given
	if given == "" && len(f.Options) > 0 { // it stands ready, to be sent as it is or changed
		e.InitialValue = f.Options[0].Value
	}
	if f.Kind == bot.Text {
		e.MaxLength = f.Limit
		if f.Limit == 0 || f.Limit > longText {
			e.MaxLength = longText
		}
		e.Multiline = e.MaxLength > 100
	}
	return e
}

// choice is a field with answers to choose from.
func choice(f *bot.Field, given string) slack.BlockElement {
	var options []*slack.OptionBlockObject
	var chosen *slack.OptionBlockObject
	for _, o := range f.Options {
		option := slack.NewOptionBlockObject(o.Value, words(o.Label, longOption), nil)
		if options = append(options, option); o.Value == given && given != "" {
			chosen = option
		}
	}
	if len(options) > mostRadios {
		e := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, answerID, options...)
		e.InitialOption = chosen
		return e
	}
	e := slack.NewRadioButtonsBlockElement(answerID, options...)
	e.InitialOption = chosen
	return e
}

// words is plain text of at most so many characters.
func words(text string, most int) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, short(text, most), false, false)
}

// short cuts a text to so many characters.
func short(text string, most int) string {
	if text == "" {
		return "…"
	}
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}

// submitted judges a form that was sent, shows it once more, and then hands it to the house.
func (in *intake) submitted(ctx context.Context, p *interaction) (any, error) {
	var n note
	if json.Unmarshal([]byte(p.View.Private), &n) != nil || n.Channel == "" || n.Press == "" && n.Clip == "" {
		return nil, strange("not a form of ours")
	}
	switch p.View.Callback {
	case whichCall:
		return in.chosen(ctx, p, n)
	case formCall:
		return in.filledIn(ctx, p, n)
	}
	return nil, strange("not a form of ours")
}

// filledIn judges what a form was filled in with.
func (in *intake) filledIn(ctx context.Context, p *interaction, n note) (any, error) {
	who, err := in.speaker(ctx, in.house, in.us, p.team(), p.User.ID)
	if err != nil {
		return nil, err
	}
	m := bot.Message{ID: in.id("view:" + p.View.ID + ":" + p.View.Hash + ":" + p.User.ID), Room: room(n.Channel), Account: who, Press: n.Press, Fields: given(p.View.State.Values)}
	in.remember(m.ID, press{channel: n.Channel, user: p.User.ID, thread: n.Thread})
	s := sheet{note: n, given: m.Fields, look: true, say: in.tongueOf(ctx, in.house, who)}
	if n.Clip != "" {
		if s.clip = in.clips.find(n.Clip); s.clip == nil {
			return atFirst(p, s.say(wordsForgotten)), nil
		}
		m.Text, m.Evidence = s.clip.text, bot.EvidenceOf{Record: n.Keep, By: s.clip.by, At: s.clip.at}
	}
	s.title, s.fields, err = in.house.Form(ctx, m)
	if answer, unfit := s.wrong(err); unfit {
		return answer, nil
	}
	if err != nil {
		return nil, err
	}
	seal := sealed(m.Fields)
	if sure := s.sure(); len(s.fields) > 1 || sure == nil {
		if len(s.fields) > 0 && n.Looked != seal {
			s.note.Looked = seal
			return slack.NewUpdateViewSubmissionResponse(ptr(s.view())), nil
		}
	}
	if m.Fields == nil {
		m.Fields = bot.Facts{}
	}
	if sure := s.sure(); sure != nil {
		m.Fields[sure.Name] = sure.Options[0].Value
	}
	if len(m.Fields) == 0 {
		m.Fields["sure"] = "yes" // whatever the form was, it is over: the house says so
	}
	if s.clip != nil {
		if why := s.clip.ready(ctx); why != "" {
			return atFirst(p, s.say(why)), nil
		}
		m.Files = s.clip.kept
	}
	err = in.receive(ctx, m)
	if answer, unfit := s.wrong(err); unfit {
		return answer, nil
	}
	if err != nil {
		return nil, err
	}
	return slack.NewClearViewSubmissionResponse(), nil
}

// atFirst says something at a form's first field.
func atFirst(p *interaction, text string) any {
	var blocks []string
	for block := range p.View.State.Values {
		blocks = append(blocks, block)
	}
	if len(blocks) == 0 {
		return slack.NewClearViewSubmissionResponse()
	}
	return slack.NewErrorsViewSubmissionResponse(map[string]string{slices.Min(blocks): text})
}

func ptr[T any](v T) *T { return &v }

// given are a modal's answers by field.
func given(v values) bot.Facts {
	var facts bot.Facts
	for block, actions := range v {
		a, ok := actions[answerID]
		if !ok {
			continue
		}
		if facts == nil {
			facts = bot.Facts{}
		}
		switch {
		case a.Value != nil:
			facts[block] = *a.Value
		case a.Selected != nil:
			facts[block] = a.Selected.Value
		default:
			facts[block] = ""
		}
	}
	return facts
}

// wrong says at the fields what does not fit, if that is what the error says.
func (s *sheet) wrong(err error) (answer any, unfit bool) {
	var bad bot.Unfit
	if !asUnfit(err, &bad) {
		return nil, false
	}
	at := map[string]string{}
	for _, f := range s.fields {
		if why := bad[f.Name]; why != "" && f.Kind != bot.Sure {
			at[f.Name] = why
		}
	}
	for _, f := range s.fields {
		if len(at) == 0 && f.Kind != bot.Sure {
			at[f.Name] = s.say(wordsNoForm)
		}
	}
	if len(at) == 0 {
		return slack.NewClearViewSubmissionResponse(), true
	}
	return slack.NewErrorsViewSubmissionResponse(at), true
}

// sealing is the key under which a last look is remembered; another process shows it again.
var sealing = func() []byte {
	key := make([]byte, 32)
	rand.Read(key) // never fails
	return key
}()

// sealed is a mark of the answers that were shown.
func sealed(f bot.Facts) string {
	mac := hmac.New(sha256.New, sealing)
	names := make([]string, 0, len(f))
	for name := range f {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		fmt.Fprintf(mac, "%q=%q;", name, f[name])
	}
	return hex.EncodeToString(mac.Sum(nil)[:16])
}
