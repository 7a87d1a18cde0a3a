package understand

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
		if w.means.has(isNothere) {
			bars = third | supposed
		}
		if kind := troubleOf(m, w); kind != NoTrouble && w.flags&bars == 0 && !m.cameNotSo(i) {
			found[kind] = true
		}
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

// notFirst are the words by which something is said not to have come.
var notFirst = setOfWords(`no not never didnt did hasnt has havent have nao n nunca jamas pas jamais nie nicht не 没 没有 没到 没来 没收到 لم ما مش`)

var inBadWay = setOf(isBroken, isWrong, isFake)

// cameNotSo says whether a word belongs to the denial of how something came, which is no word on whether it came: "no llegó roto".
func (m *message) cameNotSo(n int) bool {
	const reach = 4
	w := &m.words[n]
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
