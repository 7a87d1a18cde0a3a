package casefile

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"nevermind/bot"
)

// putWords puts into the record what its page says in a language, so that the page can be made again from the record alone: in
// English only what moves and facts are called.
func (m *Maker) putWords(ctx context.Context, r *Record, language string) error {
	order, err := m.cfg.Store.Order(ctx, r.Order)
	if err != nil && !errors.Is(err, bot.ErrNone) {
		return err
	}
	c, err := m.cfg.Store.Conversation(ctx, r.Key)
	if err != nil {
		return err
	}
	w := wording{m, &c, &order, language, map[string]string{}}
	if m.cfg.Words != nil && language != "" && language != "en" {
		r.Language = language
		w.own(r)
	}
	w.name(r.State)
	for _, code := range r.Spoken {
		w.put("language="+code, m.cfg.Languages[code])
	}
	for _, part := range r.readable() {
		switch part.Name {
		case "move":
			w.move(decodePart[move](part))
		case "inner":
			w.name(decodePart[inner](part).Note)
		}
	}
	if len(w.all) > 0 {
		r.Words = w.all
	}
	return nil
}

// readable are the parts that the viewer can read.
func (r *Record) readable() (all []Part) {
	for _, i := range r.Items {
		for _, p := range i.Parts {
			if p.Text != "" {
				all = append(all, p)
			}
		}
	}
	return all
}

// wording gathers the words of a page, by their English or by a short name.
type wording struct {
	*Maker
	about    *bot.Conversation
	order    *bot.Order
	language string
	all      map[string]string
}

// own puts in what the page says itself.
func (w *wording) own(r *Record) {
	for _, english := range pageTexts() {
		w.put(english, english)
	}
	for _, e := range r.Evidence {
		w.put(e.Ask, e.Ask)
	}
	for day := time.Sunday; day <= time.Saturday; day++ {
		w.put(day.String()[:3], day.String()[:3])
	}
	for month := time.January; month <= time.December; month++ {
		w.put(month.String()[:3], month.String()[:3])
	}
}

// move puts in what a move is called, and what its facts are and say.
func (w *wording) move(m *move) {
	w.name(m.Event)
	w.name(m.To)
	for name, value := range m.Facts {
		w.name(name)
		if w.cfg.Fact != nil {
			w.put(name+"="+value, w.cfg.Fact(w.about, w.order, name, value))
		}
		if amount, err := bot.ReadMoney(value); err == nil && w.cfg.Words != nil {
			w.all[name+"="+value] = w.cfg.Words.Amount(w.language, amount)
		}
	}
}

// name puts in what people call a state, an event or a fact.
func (w *wording) name(name string) { w.put(name, w.cfg.Names[name]) }

// put puts in English words as the language says them.
func (w *wording) put(name, english string) {
	if english == "" {
		return
	}
	words := english
	if w.cfg.Words != nil {
		if own, ok := w.cfg.Words.Text(w.language, english); ok {
			words = own
		}
	}
	w.all[name] = words
}

// files lists the files named in those parts of the record that the viewer can read.
func (r *Record) files() (all []enclosed) {
	for _, p := range r.readable() {
		var named struct {
			Files []enclosed `json:"files"`
		}
		if json.Unmarshal([]byte(p.Text), &named) == nil {
			all = append(all, named.Files...)
		}
	}
	return all
}
