package bot

import "errors"

// What a person's own assistant does, as events of the record that lets it in; a talk hears of a proposal by the same name.
// They are stored: promises.
const (
	AssistantConnected = "assistant_connected" // it has shown the code from the person's chat, and has a token from now on
	AssistantLooked    = "assistant_looked"    // it has read something: the fact "looked" says what
	ProposalMade       = "proposal_made"       // it suggests something, which waits for the person's press
)

// Through is the fact by which an event says that a person's assistant had suggested it, and in which proposal.
const Through = "through"

// Assistants says how a person's own assistant is let in and what it may suggest.
type Assistants struct {
	Record  string              // the flow whose record, "<flow>/<person>", says which assistant is theirs
	Talk    string              // the talk that shows a proposal and waits for the press
	Answers map[string][]string // what it may suggest to press in a record: by the word for it, the events of the buttons
}

// ProposalKind is what a proposal is about; it is stored as the fact "kind".
type ProposalKind string

// The kinds of proposal. Nothing else can be suggested.
const (
	ProposeRequest ProposalKind = "request" // to ask for a cancellation
	ProposeAnswer  ProposalKind = "answer"  // to press a button of a record
	ProposeWords   ProposalKind = "words"   // to write to the other side
)

// Proposal is what a person's assistant suggests. The facts are those of the event that the person's press would be.
type Proposal struct {
	Kind   ProposalKind
	Order  string
	Answer string // for ProposeAnswer: one of Assistants.Answers
	Facts  Facts
}

// Declined says why a proposal was not shown, in a word: one of the Declined constants.
type Declined string

// Why a proposal is not shown. Unfit is said before anything is kept; the others are noted in the assistant's record.
const (
	DeclinedUnfit   Declined = "unfit"   // it cannot be sent as things stand
	DeclinedWaiting Declined = "waiting" // another one waits for the person's press
	DeclinedMany    Declined = "many"    // so many were made today already
	DeclinedAway    Declined = "away"    // the person has no chat
	DeclinedToken   Declined = "token"   // the assistant is not theirs, or not any more
)

// Error makes it an error.
func (d Declined) Error() string { return "the proposal is not shown: " + string(d) }

// ErrTooMany is what an assistant is told that has asked too often today.
var ErrTooMany = errors.New("asked too often today")
