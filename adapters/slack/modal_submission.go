package slack

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/slack-go/slack"

	"nevermind/bot"
)

// viewSubmitted handles a modal that was sent. The answer says what becomes of the modal: it closes, shows errors at its
// fields, or shows something else.
func (in *intake) viewSubmitted(ctx context.Context, p *interaction) (answer any, err error) {
	var state modalState
	if json.Unmarshal([]byte(p.View.Private), &state) != nil || state.Channel == "" || state.Press == "" && state.Draft == "" {
		return nil, unreadable("not a form of ours")
	}
	switch p.View.Callback {
	case caseCallback:
		return in.caseChosen(ctx, p, &state)
	case formCallback:
		return in.formSubmitted(ctx, p, &state)
	}
	return nil, unreadable("not a form of ours")
}

// formSubmitted checks the answers of a form, has them reviewed, and then hands them to the engine.
func (in *intake) formSubmitted(ctx context.Context, p *interaction, state *modalState) (answer any, err error) {
	account, err := in.accountOf(ctx, in.session, p.team(), p.User.ID)
	if err != nil {
		return nil, err
	}
	m := in.self.formMessage(p, state)
	m.Account = account
	in.places.put(m.ID, place{channel: state.Channel, user: p.User.ID, thread: state.Thread})
	f := modalForm{state: *state, answers: m.Fields, review: true, say: in.translatorFor(ctx, in.session, account)}
	// A form for evidence carries only the key of its draft; after a restart there is no draft any more.
	if state.Draft != "" {
		draft, known := in.drafts.get(state.Draft)
		if !known {
			return firstFieldError(p, f.say(wordsForgotten)), nil
		}
		f.draft = draft
		m.Text, m.Evidence = draft.text, bot.EvidenceOf{Record: state.Record, By: draft.by, At: draft.at}
	}
	// The form is asked for again: the case may have moved since the modal was opened, and the answers have to fit it as it is now.
	f.title, f.fields, err = in.engine.Form(ctx, m)
	if answer, unfit := f.fieldErrors(err); unfit {
		return answer, nil
	}
	if err != nil {
		return nil, err
	}
	// Answers that were changed in the review are reviewed again, for nothing goes out that was not shown.
	if mac := reviewMAC(m.Fields); f.needsReview() && state.Reviewed != mac {
		f.state.Reviewed = mac
		return slack.NewUpdateViewSubmissionResponse(new(f.modal())), nil
	}
	m.Fields = f.confirmed(m.Fields)
	// Only now is the draft waited for; until here it had the time in which the form was filled in.
	if f.draft != nil {
		if why := f.draft.await(ctx); why != "" {
			return firstFieldError(p, f.say(why)), nil
		}
		m.Files = f.draft.stored
	}
	// Receive checks the answers once more; what was true a moment ago may not fit any longer.
	err = in.receive(ctx, m)
	if answer, unfit := f.fieldErrors(err); unfit {
		return answer, nil
	}
	if err != nil {
		return nil, err
	}
	return slack.NewClearViewSubmissionResponse(), nil
}

// needsReview says whether a form's answers are shown once more before they go out: all but a lone confirmation, and a form
// that has no fields any more.
func (f *modalForm) needsReview() bool {
	return len(f.fields) > 1 || len(f.fields) == 1 && f.sure() == nil
}

// confirmed adds to the answers that the form was confirmed, by sending it. A press whose form is gone meanwhile is confirmed
// too, so that the engine says that it is late.
func (f *modalForm) confirmed(answers bot.Facts) bot.Facts {
	if answers == nil {
		answers = bot.Facts{}
	}
	if sure := f.sure(); sure != nil {
		answers[sure.Name] = sure.Options[0].Value
	}
	if len(answers) == 0 {
		answers["sure"] = "yes"
	}
	return answers
}

// fieldErrors is the answer that says at the fields what does not fit, if that is what the error says. Where no field of the
// modal is to blame, it says so at the first, or closes a modal without fields.
func (f *modalForm) fieldErrors(err error) (answer any, unfit bool) {
	var bad bot.Unfit
	if !errors.As(err, &bad) {
		return nil, false
	}
	first, at := "", map[string]string{}
	for i := range f.fields {
		field := &f.fields[i]
		if field.Kind == bot.Sure {
			continue
		}
		if first == "" {
			first = field.Name
		}
		if why := bad[field.Name]; why != "" {
			at[field.Name] = why
		}
	}
	switch {
	case first == "":
		return slack.NewClearViewSubmissionResponse(), true
	case len(at) == 0:
		at[first] = f.say(wordsNoForm)
	}
	return slack.NewErrorsViewSubmissionResponse(at), true
}

// firstFieldError is the answer that says something at the first of a modal's fields by name; it closes a modal without fields.
func firstFieldError(p *interaction, text string) any {
	blocks := slices.Sorted(maps.Keys(p.View.State.Values))
	if len(blocks) == 0 {
		return slack.NewClearViewSubmissionResponse()
	}
	return slack.NewErrorsViewSubmissionResponse(map[string]string{blocks[0]: text})
}

// reviewKey is the key of reviewMAC, made anew at each start: a form whose review was shown before is reviewed again.
var reviewKey = func() []byte {
	key := make([]byte, 32)
	rand.Read(key) // never fails
	return key
}()

// reviewMAC is a message authentication code over a form's answers. It goes along with a review and comes back with the form,
// where it proves that these very answers were shown.
func reviewMAC(answers bot.Facts) string {
	mac := hmac.New(sha256.New, reviewKey)
	for _, name := range slices.Sorted(maps.Keys(answers)) {
		fmt.Fprintf(mac, "%q=%q;", name, answers[name])
	}
	return hex.EncodeToString(mac.Sum(nil)[:16])
}
