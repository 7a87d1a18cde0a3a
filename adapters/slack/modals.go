package slack

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"nevermind/bot"
)

// What a modal may hold at most, in characters; a choice with more options than maxRadios is a menu.
const (
	maxTitle  = 24
	maxLabel  = 2000
	maxInput  = 3000
	maxOption = 75
	maxRadios = 10
)

// triggerTimeout is how long the trigger of a press or a shortcut can open a modal.
const triggerTimeout = 3 * time.Second

// modalForm is a form as a modal shows it: the fields, and what was answered so far. It is made anew for each request; what
// has to last from one to the next is modalState, which Slack stores with the modal.
//
// A form of several fields is sent twice: first the answers are checked and the modal becomes a review of what goes out, and
// sending that, unchanged, hands them to the engine. A form that only asks for a confirmation is sent once.
type modalForm struct {
	state   modalState
	title   string // what it is about
	fields  []bot.Field
	answers bot.Facts
	review  bool           // it shows once more what was answered, before that goes out
	draft   *evidenceDraft // the message that becomes evidence; nil where the form is for something else
	say     translator
}

// modalState is a modal's private metadata. It is stored by Slack and comes back with the form, so it holds nothing that names
// or describes anybody.
type modalState struct {
	Press    string  `json:"p,omitempty"` // the token of the button that opened it
	Record   bot.Key `json:"k,omitempty"` // the case whose evidence a draft becomes
	Draft    string  `json:"m,omitempty"` // the draft's key; the draft itself stays here
	Channel  string  `json:"c"`
	Thread   string  `json:"t,omitempty"`
	Label    string  `json:"l,omitempty"` // the modal's title: the button's label
	Reviewed string  `json:"h,omitempty"` // the MAC of the answers that the review has shown
}

// openForm opens a form. Where that fails, as a rule because the trigger has expired, whoever pressed is told.
func (a *Adapter) openForm(ctx context.Context, trigger, user string, f *modalForm) {
	opening, cancel := context.WithTimeout(ctx, triggerTimeout)
	defer cancel()
	if a.openModal(opening, trigger, f.modal()) == nil {
		return
	}
	telling, cancel := context.WithTimeout(context.WithoutCancel(ctx), callTimeout)
	defer cancel()
	at := place{channel: f.state.Channel, user: user, thread: f.state.Thread}
	a.postEphemeral(telling, at, f.say(wordsTooSlow)) //nolint:errcheck // ephemeral: lost without harm
}

// openModal opens a modal; one that cannot be opened is counted and logged.
func (a *Adapter) openModal(ctx context.Context, trigger string, v slack.ModalViewRequest) error {
	_, err := a.api.OpenViewContext(ctx, trigger, v)
	if err != nil {
		a.cfg.Meter.Count("forms_not_opened", adapterName, 1)
		a.cfg.Log.Warn("slack: a form could not be opened", slog.Any("why", sanitizeError(err)))
	}
	return err
}

// modal is the view of a form: its title, the draft, the review with the last question, and the fields.
func (f *modalForm) modal() slack.ModalViewRequest {
	blocks := []slack.Block{paragraph(f.title, true)}
	if f.draft != nil {
		blocks = append(blocks, f.draft.blocks(f.say)...)
	}
	sure := f.sure()
	last := f.review || len(f.fields) == 1 && sure != nil // sending it hands it to the engine
	if f.review {
		blocks = append(blocks, f.preview())
	}
	if sure != nil && last {
		blocks = append(blocks, f.confirmation(sure.Ask)...)
	}
	if f.review {
		blocks = append(blocks, slack.NewDividerBlock())
	}
	for i := range f.fields {
		if field := &f.fields[i]; field.Kind != bot.Sure {
			blocks = append(blocks, input(field, f.answers[field.Name]))
		}
	}
	submit, leave := wordsContinue, wordsCancel
	switch {
	case last && sure != nil && len(sure.Options) > 1:
		submit, leave = sure.Options[0].Label, sure.Options[1].Label
	case last:
		submit = wordsSend
	}
	v := f.emptyModal(formCallback)
	v.Blocks.BlockSet = blocks
	v.Submit, v.Close = textObject(f.say(submit), maxTitle), textObject(f.say(leave), maxTitle)
	return v
}

// emptyModal is a modal with its title and state, and nothing in it.
func (f *modalForm) emptyModal(callback string) slack.ModalViewRequest {
	private, err := json.Marshal(f.state)
	if err != nil {
		panic(err) // cannot happen: the state holds nothing but strings
	}
	return slack.ModalViewRequest{Type: slack.VTModal, CallbackID: callback, PrivateMetadata: string(private),
		Title: textObject(f.state.Label, maxTitle)}
}

// sure is the field that only asks for a confirmation; nil where there is none. A modal confirms by its buttons.
func (f *modalForm) sure() *bot.Field {
	i := slices.IndexFunc(f.fields, func(field bot.Field) bool { return field.Kind == bot.Sure })
	if i < 0 {
		return nil
	}
	return &f.fields[i]
}

// confirmation is the last question, a block for each line; below a review its last line stands out.
func (f *modalForm) confirmation(ask string) []slack.Block {
	lines := strings.Split(ask, "\n")
	blocks := make([]slack.Block, len(lines))
	for i, line := range lines {
		blocks[i] = paragraph(line, f.review && i == len(lines)-1)
	}
	return blocks
}

// preview shows the answers as they will go out.
func (f *modalForm) preview() slack.Block {
	rich := []slack.RichTextElement{section(f.say(wordsReview), true)}
	for i := range f.fields {
		field := &f.fields[i]
		if answer := answerLabel(field, f.answers[field.Name]); field.Kind != bot.Sure && answer != "" {
			rich = append(rich, section(field.Ask, false), quote(answer))
		}
	}
	return slack.NewRichTextBlock("", rich...)
}

// answerLabel is an answer as it was shown: the label of a choice, else the answer itself.
func answerLabel(field *bot.Field, answer string) string {
	for _, o := range field.Options {
		if o.Value == answer {
			return o.Label
		}
	}
	return answer
}

// input is the block of one field. A field that depends on another answer is optional for Slack; the engine checks it.
func input(field *bot.Field, answer string) slack.Block {
	b := slack.NewInputBlock(field.Name, textObject(field.Ask, maxLabel), nil, inputElement(field, answer))
	b.Optional = field.Optional || field.If != ""
	return b
}

// inputElement is what a field is filled in with. A text field with options has the first as its initial text.
func inputElement(field *bot.Field, answer string) slack.BlockElement {
	if field.Kind == bot.OneOf {
		return choiceElement(field, answer)
	}
	e := slack.NewPlainTextInputBlockElement(nil, answerActionID)
	e.InitialValue = answer
	if answer == "" && len(field.Options) > 0 {
		e.InitialValue = field.Options[0].Value
	}
	if field.Kind == bot.Text {
		e.MaxLength = field.Limit
		if field.Limit == 0 || field.Limit > maxInput {
			e.MaxLength = maxInput
		}
		e.Multiline = e.MaxLength > 100
	}
	return e
}

// choiceElement is a field with options: radio buttons, or a menu where there are many.
func choiceElement(field *bot.Field, answer string) slack.BlockElement {
	var options []*slack.OptionBlockObject
	var chosen *slack.OptionBlockObject
	for _, o := range field.Options {
		option := slack.NewOptionBlockObject(o.Value, textObject(o.Label, maxOption), nil)
		if options = append(options, option); o.Value == answer && answer != "" {
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
