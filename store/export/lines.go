package export

import (
	"encoding/json"
	"time"

	"nevermind/bot"
)

// What an export's lines look like: docs/export.md shows one of each. The JSON names are promises:
// fields may be added, and none changes its meaning. Times are RFC 3339 in UTC. Press tokens are
// left out: whoever reads an export must not be able to press.
type (
	// headLine is the first line.
	headLine struct {
		Kind   string `json:"kind"`
		Format int    `json:"format"`
	}
	// endLine is the last line: what stands before it, counted and summed.
	endLine struct {
		Kind  string `json:"kind"`
		Lines int    `json:"lines"`
		Sum   string `json:"sha256"`
	}
	// orderHead and orderTail are what stands around an order in the shop's shape: the kind before it, the rest behind it.
	orderHead struct {
		Kind string `json:"kind"`
	}
	orderTail struct {
		Book    []posting            `json:"book,omitempty"`
		Heard   map[string]time.Time `json:"heard,omitempty"` // by the parcel's id
		Version int64                `json:"version"`
	}
	// posting is one line of an order's book; amounts are written as "24.90 USD".
	posting struct {
		Task     string         `json:"task"`
		Do       string         `json:"do"`
		Amount   string         `json:"amount,omitempty"`
		State    string         `json:"state"`
		Detail   string         `json:"detail,omitempty"`
		At       time.Time      `json:"at,omitzero"`
		Items    []part         `json:"items,omitempty"`
		Payments []paymentShare `json:"payments,omitempty"`
		Parcel   string         `json:"parcel,omitempty"`
	}
	// part is a quantity of one line of an order.
	part struct {
		ID       string `json:"id"`
		Quantity int    `json:"quantity"`
	}
	// paymentShare is what goes back to one payment of an order.
	paymentShare struct {
		ID     string `json:"id"`
		Amount string `json:"amount"`
	}
	// personLine is a buyer, a seller or an agent.
	personLine struct {
		Kind     string       `json:"kind"`
		ID       bot.PersonID `json:"id"`
		Name     string       `json:"name,omitempty"`
		Language string       `json:"language,omitempty"`
		Zone     string       `json:"time_zone,omitempty"`
		Accounts []string     `json:"accounts,omitempty"`
		Rooms    []bot.Room   `json:"rooms,omitempty"`
		Shut     []bot.Room   `json:"shut,omitempty"` // rooms where they have blocked us
		Settings bot.Facts    `json:"settings,omitempty"`
		Version  int64        `json:"version"`
	}
	// conversationLine is a case or a talk, without its deadlines and journal, which have lines of
	// their own.
	conversationLine struct {
		Kind    string                     `json:"kind"`
		Key     bot.Key                    `json:"key"`
		ID      string                     `json:"id,omitempty"`
		Order   string                     `json:"order,omitempty"`
		Parties map[bot.Party]bot.PersonID `json:"parties,omitempty"`
		frame
		Aside   []frame              `json:"aside,omitempty"`
		Clocks  map[string]time.Time `json:"clocks,omitempty"`
		Live    []bot.Room           `json:"cards,omitempty"`
		Files   []exhibit            `json:"files,omitempty"`
		Opened  time.Time            `json:"opened_at,omitzero"`
		Closed  time.Time            `json:"closed_at,omitzero"`
		WorkIDs int                  `json:"work_ids,omitempty"`
		Entries int                  `json:"entries"`
		Head    string               `json:"head,omitempty"`
		Version int64                `json:"version"`
	}
	// frame is one flow's place; its fields stand among those of the conversation.
	frame struct {
		Flow   string    `json:"flow"`
		State  string    `json:"state"`
		Visit  int       `json:"visit"`
		Facts  bot.Facts `json:"facts,omitempty"`
		Offers []offer   `json:"offers,omitempty"`
		Sent   []file    `json:"sent,omitempty"`
	}
	// offer is what can be pressed, without the token that presses it.
	offer struct {
		Party bot.Party `json:"party"`
		Event string    `json:"event"`
		Facts bot.Facts `json:"facts,omitempty"`
	}
	// file describes a file; the content is in a backup.
	file struct {
		Name string `json:"name,omitempty"`
		Type string `json:"type"`
		Size int64  `json:"size"`
		Hash string `json:"sha256"`
	}
	// exhibit is a file given as evidence, and by which party.
	exhibit struct {
		file
		By bot.Party `json:"by"`
	}
	// deadlineLine stands behind its conversation.
	deadlineLine struct {
		Kind         string    `json:"kind"`
		Conversation bot.Key   `json:"conversation"`
		Name         string    `json:"name"`
		At           time.Time `json:"at"`
		Event        string    `json:"event"`
		Visit        int       `json:"visit"`
	}
	// entryLine is one turn of a conversation's journal.
	entryLine struct {
		Kind         string          `json:"kind"`
		Conversation bot.Key         `json:"conversation"`
		Seq          int             `json:"seq"`
		At           time.Time       `json:"at"`
		Event        event           `json:"event"`
		Flow         string          `json:"flow,omitempty"`
		From         string          `json:"from,omitempty"`
		To           string          `json:"to,omitempty"`
		Visit        int             `json:"visit"`
		Learned      bot.Facts       `json:"learned,omitempty"`
		Rules        []string        `json:"rules,omitempty"`
		Policy       string          `json:"policy,omitempty"`
		Order        json.RawMessage `json:"used_order,omitempty"`
		People       []personLine    `json:"used_people,omitempty"`
		Decided      string          `json:"decided,omitempty"`
		Worded       string          `json:"worded,omitempty"`
		Output       string          `json:"output,omitempty"`
		Note         string          `json:"note,omitempty"`
		Prev         string          `json:"prev,omitempty"`
		Hash         string          `json:"hash"`
	}
	// event is what a turn has heard, or a task is to tell.
	event struct {
		ID      string       `json:"id,omitempty"`
		Name    string       `json:"name,omitempty"`
		By      bot.Party    `json:"by,omitempty"`
		Actor   bot.PersonID `json:"actor,omitempty"`
		Room    bot.Room     `json:"room,omitempty"`
		Text    string       `json:"text,omitempty"`
		Facts   bot.Facts    `json:"facts,omitempty"`
		Pressed bool         `json:"pressed,omitempty"`
		Files   []file       `json:"files,omitempty"`
	}
	// taskLine is a task that waits (outbox), has ended (done), or is set aside (dead_letter).
	taskLine struct {
		Kind      string        `json:"kind"`
		ID        string        `json:"id"`
		Seq       uint64        `json:"seq"`
		State     bot.TaskState `json:"state"`
		Since     time.Time     `json:"since"`
		Lane      string        `json:"lane"`
		Do        string        `json:"do"`
		Class     bot.Class     `json:"class"`
		From      bot.Key       `json:"from,omitempty"`
		To        bot.Key       `json:"to,omitempty"`
		Order     string        `json:"order,omitempty"`
		Facts     bot.Facts     `json:"facts,omitempty"`
		Event     *event        `json:"event,omitempty"`
		Reply     *reply        `json:"reply,omitempty"`
		Made      time.Time     `json:"made,omitzero"`
		NotBefore time.Time     `json:"not_before,omitzero"`
		Attempts  int           `json:"attempts"`
		Outcome   string        `json:"outcome,omitempty"`
		Results   bot.Facts     `json:"results,omitempty"`
		Ref       bot.Ref       `json:"ref,omitempty"`
		Why       string        `json:"why,omitempty"`
	}
	// reply is what a task says to a room; of its buttons only the labels.
	reply struct {
		Room    bot.Room `json:"room"`
		Mode    bot.Mode `json:"mode"`
		Card    bot.Key  `json:"card,omitempty"`
		Title   string   `json:"title,omitempty"`
		Text    string   `json:"text,omitempty"`
		Quote   string   `json:"quote,omitempty"`
		Files   []file   `json:"files,omitempty"`
		Choices []string `json:"choices,omitempty"`
		Chatter bool     `json:"chatter,omitempty"`
	}
	// messageLine is what a person sent.
	messageLine struct {
		Kind    string    `json:"kind"`
		Seq     uint64    `json:"seq"`
		Room    bot.Room  `json:"room"`
		At      time.Time `json:"at"`
		ID      string    `json:"id"`
		Account string    `json:"account"`
		Text    string    `json:"text,omitempty"`
		Pressed bool      `json:"pressed,omitempty"`
		ReplyTo bot.Ref   `json:"reply_to,omitempty"`
		Files   []file    `json:"files,omitempty"`
	}
	// policyLine is the text of a policy that was once in force.
	policyLine struct {
		Kind    string `json:"kind"`
		Version string `json:"version"`
		Text    string `json:"text"`
	}
)
