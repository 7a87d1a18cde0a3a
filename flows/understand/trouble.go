package understand

import (
	"slices"
	"strings"
)

// Trouble is what is wrong with goods, by the names that problems have in the flows.
type Trouble string

// The kinds of trouble that are told apart.
const (
	NoTrouble      Trouble = ""
	NotReceived    Trouble = "not_received"
	Damaged        Trouble = "damaged"
	NotAsDescribed Trouble = "not_as_described"
	Incomplete     Trouble = "incomplete"
	Counterfeit    Trouble = "counterfeit"
)

// TroubleIn is the one thing that words say is wrong with what was ordered; none where they say none freely, or several, or ask.
// What is denied, supposed, somebody else's or only quoted is none; that it has not come counts beside what a tracking page says.
func TroubleIn(text, language string) Trouble {
	m := read(text, language)
	found := map[Trouble]bool{}
	for i := range m.words {
		w := &m.words[i]
		bars := negated | third | quoted | supposed
		switch {
		case m.impersonal(i):
			bars = supposed
		case w.means.has(isNothere):
			bars = third | supposed
		}
		if kind := troubleOf(m, w); kind != NoTrouble && w.flags&bars == 0 && !m.cameNotSo(i) && !m.ownedBefore(i) {
			found[kind] = true
		}
	}
	if len(found) == 0 && !m.question && hasLost(text) && !m.flagged(third|supposed) {
		return NotReceived
	}
	if found[Counterfeit] { // a fake is called broken and wrong as well
		return Counterfeit
	}
	if found[Incomplete] && found[NotReceived] && len(found) == 2 && !m.means(setOf(isParcel)) {
		return Incomplete // of what there is one it is said with the same words
	}
	if len(found) != 1 {
		return NoTrouble
	}
	for kind := range found {
		return kind
	}
	return NoTrouble
}

// troubleOf is the trouble that a word says.
func troubleOf(m message, w *word) Trouble {
	switch {
	case w.means.has(isFake):
		return Counterfeit
	case w.means.has(isBroken):
		return Damaged
	case w.means.has(isLacking) && !w.means.has(isNothere) && m.means(setOf(isParcel)):
		return NotReceived // "my parcel is missing"
	case w.means.has(isLacking) && !w.means.has(isNothere):
		return Incomplete
	case w.means.has(isLacking) && !m.means(setOf(isParcel, isOrder)):
		return Incomplete
	case w.means.has(isNothere):
		return NotReceived
	case w.means.has(isWrong):
		return NotAsDescribed
	}
	return NoTrouble
}

// lostPhrases say that nothing has come in words that the lexicon does not have.
var lostPhrases = strings.Split("nothing has arrived|nothing has come|nothing was delivered|nothing turned up|nothing showed up|"+
	"went missing|gone missing|paket verschwunden|paket ist verschwunden|sendung ist verschwunden|nichts angekommen|"+
	"paket ist weg", "|")

func hasLost(text string) bool {
	folded := fold(text)
	return slices.ContainsFunc(lostPhrases, func(p string) bool { return strings.Contains(folded, p) })
}

// flagged says whether any word is meant in one of some ways.
func (m *message) flagged(f flags) bool {
	return slices.ContainsFunc(m.words, func(w word) bool { return w.flags&f != 0 })
}

// impersonal says whether a word has a subject that is nobody: French "il manque".
func (m *message) impersonal(i int) bool {
	return m.words[i].means.has(isLacking) && i > 0 && (m.words[i-1].text == "il" || i > 1 && m.words[i-2].text == "il")
}

// notFirst are the words by which something is said not to have come.
var notFirst = setOfWords(`no not never didnt did hasnt has havent have nao n nunca jamas pas jamais nie nicht ` +
	`не 没 没有 没到 没来 没收到 لم ما مش`)

// nothing is what may be lacking where all is well.
var nothing = setOfWords(`nothing nada nichts nix rien ничего`)

var inBadWay = setOf(isBroken, isWrong, isFake)

// cameNotSo says whether a word belongs to the denial of how something came, which is no word on whether it came: "no
// llegó roto".
func (m *message) cameNotSo(n int) bool {
	const reach = 4
	w := &m.words[n]
	for i := n + 1; i < min(len(m.words), n+3) && m.words[i].clause == w.clause && w.means.has(isLacking); i++ {
		if nothing[m.words[i].text] {
			return true
		}
	}
	if w.means.has(isNothere) && notFirst[w.text] {
		for i := n + 1; i < min(len(m.words), n+reach) && m.words[i].clause == w.clause; i++ {
			if !m.words[i].means.none() {
				return m.words[i].means.any(inBadWay)
			}
		}
	}
	if !w.means.any(inBadWay) {
		return false
	}
	for i := n - 1; i >= max(0, n-reach) && m.words[i].clause == w.clause; i-- {
		if !m.words[i].means.none() {
			return m.words[i].means.has(isNothere) && notFirst[m.words[i].text]
		}
	}
	return false
}

// owners are people in the words and cases in which a thing is theirs; those who speak of themselves come in the lexicon.
var owners = setOfWords(`neighbours neighbors brothers sisters mothers fathers moms mums dads cousins flatmates roommates ` +
	`colleagues сестры сестре подруге другу соседа соседке соседей маме папе папы мужу жене жены коллеге бабушке бабушки ` +
	`сына сыну дочери дочке hermanas amigas vecinos vecinas`)

// ownedBefore says whether a word of a clause stands behind somebody to whom the matter belongs: "у сестры пришла разбитая".
func (m *message) ownedBefore(n int) bool {
	for i := n - 1; i >= 0 && m.words[i].clause == m.words[n].clause; i-- {
		if owners[m.words[i].text] {
			return true
		}
	}
	return false
}
