package bolt

import "nevermind/store/record"

// What is stored in a record, and how, is the same in every store: see package record. These are its names here.

// Keys encrypt a file's values.
type Keys = record.Keys

// PersonalKeys is the key ring.
type PersonalKeys = record.PersonalKeys

type (
	card     = record.Card
	deadline = record.Deadline
	header   = record.Header
	instant  = record.Instant
	message  = record.Message

	offeredTokens = record.OfferedTokens
	order         = record.Order
	outcomeRecord = record.Outcome
	person        = record.Person
	secrets       = record.Secrets
	subjects      = record.Subjects
	task          = record.Task
	tokenGroup    = record.TokenGroup
)

const (
	compressedForm = record.CompressedForm
	groupHead      = record.GroupHead
	hashedName     = record.HashedName
	idLength       = record.IdLength
	idTime         = record.IdTime
	personalForm   = record.PersonalForm
	settledForm    = record.SettledForm
	unnamed        = record.Unnamed
)

var (
	cutKeys     = record.CutKeys
	decode      = record.Decode
	eachRest    = record.EachRest
	encode      = record.Encode
	erased      = record.IsErased
	forgettable = record.Forgettable
	goneIsNone  = record.GoneIsNone
	groupTokens = record.GroupTokens
	hasRest     = record.HasRest
	joinKeys    = record.JoinKeys

	nameSubject      = record.NameSubject
	newConversation  = record.NewConversation
	newEntry         = record.NewEntry
	newHeader        = record.NewHeader
	newOutcomeRecord = record.NewOutcomeRecord
	newSecrets       = record.NewSecrets
	newTask          = record.NewTask
	stateAfter       = record.StateAfter
	talkSubject      = record.TalkSubject
	toInstant        = record.ToInstant
	validate         = record.Validate
	version          = record.Version
	versioned        = record.Versioned
)
