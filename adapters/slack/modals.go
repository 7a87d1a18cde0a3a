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
	maxTitle  = 24
	maxLabel  = 2000
	maxInput  = 3000
	maxOption = 75
	maxRadios = 10
)

// formCall marks the modals in which a form is filled in.
const formCallback = "form"

// answerID names what is filled in; the block is named by the field.
const answerActionID = "answer"

// sheet is a form as it is shown: the fields, and what was answered so far.
type modalForm struct {
	state   modalState
	title   string // what it is about
	fields  []bot.Field
	answers bot.Facts
	review  bool           // it is shown once more, before it goes out
	draft   *evidenceDraft // the message that becomes evidence, if it is for that
	say     translator
}

// note is what a modal carries along: nothing that names or describes anybody.
type modalState struct {
	Press    string  `json:"p,omitempty"`
	Record   bot.Key `json:"k,omitempty"` // the record whose evidence something becomes
	Draft    string  `json:"m,omitempty"` // the clip that does; it stays here
	Channel  string  `json:"c"`
	Thread   string  `json:"t,omitempty"`
	Label    string  `json:"l,omitempty"`
	Reviewed string  `json:"h,omitempty"` // what was shown in the last look, under a key of this process
}

// open shows a form to whoever pressed; its trigger lives three seconds.
func (a *Adapter) openForm(ctx context.Context, trigger, user string, s *modalForm) {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	_, err := a.api.OpenViewContext(ctx, trigger, s.modal())
	if err == nil {
		return
	}
	a.cfg.Meter.Count("forms_not_opened", name, 1)
	a.cfg.Log.Warn("slack: a form could not be opened", slog.Any("why", sanitizeError(err)))
	ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), callTimeout)
	defer cancel()
	a.postEphemeral(ctx, place{channel: s.state.Channel, user: user, thread: s.state.Thread}, s.say(wordsTooSlow)) //nolint:errcheck // a passing word
}

// view makes a modal of the form.
func (s *modalForm) modal() slack.ModalViewRequest {
	v := s.emptyModal(formCallback)
	v.Blocks.BlockSet = append(v.Blocks.BlockSet, paragraph(s.title, true))
	if s.draft != nil {
		v.Blocks.BlockSet = append(v.Blocks.BlockSet, s.draft.blocks(s.say)...)
	}
	sure := s.sure()
	if s.review {
		v.Blocks.BlockSet = append(v.Blocks.BlockSet, s.preview()...)
	}
	if sure != nil && (s.review || len(s.fields) == 1) {
		v.Blocks.BlockSet = append(v.Blocks.BlockSet, s.confirmation(sure.Ask)...)
	}
	if s.review {
		v.Blocks.BlockSet = append(v.Blocks.BlockSet, slack.NewDividerBlock())
	}
	for i := range s.fields {
		if f := &s.fields[i]; f.Kind != bot.Sure {
			v.Blocks.BlockSet = append(v.Blocks.BlockSet, input(f, s.answers[f.Name]))
		}
	}
	submit, leave := wordsContinue, wordsCancel
	switch last := s.review || len(s.fields) == 1 && sure != nil; {
	case last && sure != nil && len(sure.Options) > 1:
		submit, leave = sure.Options[0].Label, sure.Options[1].Label
	case last:
		submit = wordsSend
	}
	v.Submit, v.Close = textObject(s.say(submit), maxTitle), textObject(s.say(leave), maxTitle)
	return v
}

// question is what is asked last, a line each; below a last look the question itself stands out.
func (s *modalForm) confirmation(ask string) []slack.Block {
	lines := strings.Split(ask, "\n")
	blocks := make([]slack.Block, len(lines))
	for i, line := range lines {
		blocks[i] = paragraph(line, s.review && i == len(lines)-1)
	}
	return blocks
}

// frame is a modal without what stands in it.
func (s *modalForm) emptyModal(call string) slack.ModalViewRequest {
	private, err := json.Marshal(s.state)
	if err != nil {
		panic(err) // plain strings
	}
	return slack.ModalViewRequest{Type: slack.VTModal, CallbackID: call, PrivateMetadata: string(private), Title: textObject(s.state.Label, maxTitle)}
}

// sure is the field that only asks whether it is meant; nil where there is none.
func (s *modalForm) sure() *bot.Field {
	i := slices.IndexFunc(s.fields, func(f bot.Field) bool { return f.Kind == bot.Sure })
	if i < 0 {
		return nil
	}
	return &s.fields[i]
}

// preview shows what was answered, as it will go out.
func (s *modalForm) preview() []slack.Block {
	rich := []slack.RichTextElement{section(s.say(wordsReview), true)}
	for _, f := range s.fields {
		if answer := answerLabel(&f, s.answers[f.Name]); f.Kind != bot.Sure && answer != "" {
			rich = append(rich, section(f.Ask, false), quote(answer))
		}
	}
	return []slack.Block{slack.NewRichTextBlock("", rich...)}
}

// shownAs is an answer in the words it was chosen by.
func answerLabel(f *bot.Field, answer string) string {
	for _, o := range f.Options {
		if o.Value == answer {
			return o.Label
		}
	}
	return answer
}

// input is one field to be filled in.
func input(f *bot.Field, given string) slack.Block {
	b := slack.NewInputBlock(f.Name, textObject(f.Ask, maxLabel), nil, inputElement(f, given))
	b.Optional = f.Optional || f.If != "" // whether it is asked hangs on another answer
	return b
}

func inputElement(f *bot.Field, given string) slack.BlockElement {
	if f.Kind == bot.OneOf {
		return choiceElement(f, given)
	}
	e := slack.NewPlainTextInputBlockElement(nil, answerActionID)
	e.InitialValue = given
	if given == "" && len(f.Options) > 0 { // it stands ready, to be sent as it is or changed
		e.InitialValue = f.Options[0].Value
	}
	if f.Kind == bot.Text {
		e.MaxLength = f.Limit
		if f.Limit == 0 || f.Limit > maxInput {
			e.MaxLength = maxInput
		}
		e.Multiline = e.MaxLength > 100
	}
	return e
}

// choice is a field with answers to choose from.
func choiceElement(f *bot.Field, given string) slack.BlockElement {
	var options []*slack.OptionBlockObject
	var chosen *slack.OptionBlockObject
	for _, o := range f.Options {
		option := slack.NewOptionBlockObject(o.Value, textObject(o.Label, maxOption), nil)
		if options = append(options, option); o.Value == given && given != "" {
			chosen = option
		}
	}
	if len(options) > maxRadios {
		e := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, answerActionID, options...)
		e.InitialOption = chosen
		return e
	}
	e := slack.NewRadioButtonsBlockElement(answerActionID, options...)
	e.InitialOption = chosen
	return e
}

// words is plain text of at most so many characters.
func textObject(text string, most int) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, truncate(text, most), false, false)
}

// short cuts a text to so many characters.
func truncate(text string, most int) string {
	if text == "" {
		return "…"
	}
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}

// submitted judges a form that was sent, shows it once more, and then hands it to the house.
func (in *intake) viewSubmitted(ctx context.Context, p *interaction) (any, error) {
	var n modalState
	if json.Unmarshal([]byte(p.View.Private), &n) != nil || n.Channel == "" || n.Press == "" && n.Draft == "" {
		return nil, unreadable("not a form of ours")
	}
	switch p.View.Callback {
	case caseCallback:
		return in.caseChosen(ctx, p, n)
	case formCallback:
		return in.formSubmitted(ctx, p, n)
	}
	return nil, unreadable("not a form of ours")
}

// filledIn judges what a form was filled in with.
func (in *intake) formSubmitted(ctx context.Context, p *interaction, n modalState) (any, error) {
	who, err := in.accountOf(ctx, in.engine, in.self, p.team(), p.User.ID)
	if err != nil {
		return nil, err
	}
	m := bot.Message{ID: in.messageID("view:" + p.View.ID + ":" + p.View.Hash + ":" + p.User.ID), Room: room(n.Channel), Account: who, Press: n.Press, Fields: submittedAnswers(p.View.State.Values)}
	in.rememberPlace(m.ID, place{channel: n.Channel, user: p.User.ID, thread: n.Thread})
	s := modalForm{state: n, answers: m.Fields, review: true, say: in.translatorFor(ctx, in.engine, who)}
	if n.Draft != "" {
		if s.draft = in.drafts.find(n.Draft); s.draft == nil {
			return firstFieldError(p, s.say(wordsForgotten)), nil
		}
		m.Text, m.Keep = s.draft.text, bot.Keep{In: n.Record, By: s.draft.by, At: s.draft.at}
	}
	s.title, s.fields, err = in.engine.Form(ctx, m)
	if answer, unfit := s.fieldErrors(err); unfit {
		return answer, nil
	}
	if err != nil {
		return nil, err
	}
	seal := reviewMAC(m.Fields)
	if sure := s.sure(); len(s.fields) > 1 || sure == nil {
		if len(s.fields) > 0 && n.Reviewed != seal {
			s.state.Reviewed = seal
			return slack.NewUpdateViewSubmissionResponse(ptr(s.modal())), nil
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
	if s.draft != nil {
		if why := s.draft.await(ctx); why != "" {
			return firstFieldError(p, s.say(why)), nil
		}
		m.Files = s.draft.stored
	}
	err = in.receive(ctx, m)
	if answer, unfit := s.fieldErrors(err); unfit {
		return answer, nil
	}
	if err != nil {
		return nil, err
	}
	return slack.NewClearViewSubmissionResponse(), nil
}

// atFirst says something at a form's first field.
func firstFieldError(p *interaction, text string) any {
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
func submittedAnswers(v viewAnswers) bot.Facts {
	var facts bot.Facts
	for block, actions := range v {
		a, ok := actions[answerActionID]
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
func (s *modalForm) fieldErrors(err error) (answer any, unfit bool) {
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
var reviewKey = func() []byte {
	key := make([]byte, 32)
	rand.Read(key) // never fails
	return key
}()

// sealed is a mark of the answers that were shown.
func reviewMAC(f bot.Facts) string {
	mac := hmac.New(sha256.New, reviewKey)
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
