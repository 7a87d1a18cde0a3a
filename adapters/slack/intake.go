package slack

import (
	"context"
	"errors"

	"nevermind/bot"
)

// The kinds of payloads, as Socket Mode names them.
const (
	kindEvent       = "events_api"
	kindInteraction = "interactive"
	kindCommand     = "slash_commands"
)

// intake is the stage between the two ways in and the engine: it stores what one payload asks for, and so decides whether
// the payload may be acknowledged. There is one for each payload, within the session in which it came.
type intake struct {
	*Adapter
	*session
}

// intake stores one payload, whichever way it came. A nil error is the permission to acknowledge it; answer is what goes
// along with the acknowledgement, nil for nothing. What cannot be read is stored as a dead letter and acknowledged; what is
// meant for another app or team is counted and acknowledged.
func (a *Adapter) intake(ctx context.Context, kind string, raw []byte) (answer any, err error) {
	s, err := a.await(ctx, intakeWait)
	if err != nil {
		return nil, err
	}
	in := intake{a, s}
	switch kind {
	case kindEvent:
		err = in.event(ctx, raw)
	case kindInteraction:
		answer, err = in.interaction(ctx, raw)
	case kindCommand:
		answer, err = in.command(ctx, raw)
	default:
		err = unreadable("unknown kind")
	}
	var why unreadable
	switch {
	// Delivering it again would not help, so it is acknowledged once the dead letter is stored, with what there is to say.
	case errors.As(err, &why):
		return answer, in.deadLetter(ctx, raw, string(why))
	case errors.Is(err, errForeign):
		a.cfg.Meter.Count("updates_not_ours", adapterName, 1)
		a.cfg.Log.Warn("slack: something for another app or team was refused", "kind", kind)
		return nil, nil
	}
	return answer, err
}

// unreadable is the error of a payload that nobody can read, and will not be able to when it comes again.
type unreadable string

func (u unreadable) Error() string { return "cannot be read: " + string(u) }

// errForeign is the error of a payload that was meant for another app or another team's installation.
var errForeign = errors.New("not for this app and team")

// checkAddressee returns errForeign unless a payload is for our app in our team.
func (in *intake) checkAddressee(app, team string) error {
	if app != in.self.app || team != in.self.team {
		return errForeign
	}
	return nil
}

// deadLetter stores a payload that cannot be read, for an operator to see.
func (in *intake) deadLetter(ctx context.Context, raw []byte, why string) error {
	in.cfg.Meter.Count("updates_unreadable", adapterName, 1)
	return in.engine.Discard(ctx, in.self.deadLetterID(raw), adapterName, raw, why)
}

// unknown counts something of a kind that is not known here and asks for nothing, and logs each kind once.
func (in *intake) unknown(what, kind string) {
	in.cfg.Meter.Count("updates_unknown", adapterName, 1)
	kind = truncate(bot.Clean(kind), maxKind)
	if _, logged := in.kinds.get(what + " " + kind); !logged {
		in.kinds.put(what+" "+kind, true)
		const msg = "slack: something that is not known here was acknowledged, and nothing done; it is logged once"
		in.cfg.Log.Warn(msg, "what", what, "kind", kind)
	}
}

// maxKind is how many characters of an unknown kind's name are logged.
const maxKind = 60

// receive hands a message to the engine; nil says that it is stored.
func (in *intake) receive(ctx context.Context, m bot.Message) error {
	m.At = in.cfg.Now()
	return in.engine.Receive(ctx, m)
}
