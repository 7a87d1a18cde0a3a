package understand

import "slices"

// rule is what must be said for an intent to be acted on, and what takes it back.
type rule struct {
	needs  []concepts // of each of these sets something must be said
	action concepts   // what is done or wished: where it is said, it must be said freely at least once
	core   concepts   // of these that holds by themselves: "I changed my mind, don't cancel"
	done   concepts   // the same as past: it counts only where it is wished for
	bars   flags      // how an action must not be meant
	apart  concepts   // words that free the action from being denied: "not a bot, a human"
	plain  concepts   // said, whoever says it, and with whatever not: "it says delivered, but I have not received it"
}

var (
	wished  = setOf(isWant, isNeed, isPlease, isCan)
	lost    = setOf(isRefund, isMoney, isGiveback, isReturn)
	anyBars = negated | third | quoted | supposed
)

// rules are kept where a slip would harm, or where strangers' words sound alike.
var rules = map[Intent]rule{
	CancelOrder: {
		needs:  []concepts{setOf(isCancel, isCancelled, isStop, isNomore, isNot, isMistake, isDelete, isWithdraw, isCannot)},
		action: setOf(isCancel, isStop, isNomore), core: setOf(isCancel), done: setOf(isCancelled), bars: anyBars,
	},
	DeleteMyData: {
		needs: []concepts{setOf(isDelete, isDeleted, isCancel, isStop, isNomore),
			setOf(isData, isAccount, isMe)},
		action: setOf(isDelete), done: setOf(isDeleted), bars: anyBars,
	},
	OpenDispute: {
		needs: []concepts{setOf(isComplain, isDispute, isBroken, isWrong, isNothere, isScam, isReturn, isRefund, isMoney, isGiveback,
			isChange, isManager, isFake, isLacking)},
		action: setOf(isComplain, isDispute, isBroken, isWrong, isNothere, isScam, isReturn, isRefund, isFake, isLacking),
		bars:   anyBars,
		plain:  setOf(isNothere),
	},
	HumanAgent: {
		needs:  []concepts{setOf(isPerson, isSupport, isTalk, isBot, isManager, isHelp)},
		action: setOf(isPerson, isSupport), bars: anyBars, apart: setOf(isBot),
	},
	RefundStatus: {needs: []concepts{lost}, action: setOf(isRefund), bars: third | supposed},
	RefundPolicy: {
		needs: []concepts{setOf(isRefund, isMoney, isGiveback, isReturn, isFee, isPolicy, isCoupon, isCancel, isCancelled)},
	},
	ContactSeller: {
		needs:  []concepts{setOf(isSeller, isItem), setOf(isTalk, isSaid, isHelp)},
		action: setOf(isTalk, isSeller), bars: anyBars,
	},
	ChangeLanguage: {needs: []concepts{setOf(isLanguage, isTongue)}, action: setOf(isLanguage, isTongue), bars: negated},
	OrderStatus:    {needs: []concepts{setOf(isOrder, isParcel, isItem, isShip, isArrive, isStatus, isHistory, isWhere)}},
	ListOrders:     {needs: []concepts{setOf(isOrder, isHistory)}},
	ThanksBye:      {needs: []concepts{setOf(isThanks, isBye, isHello)}},
	Greeting:       {needs: []concepts{setOf(isHello)}},
	Escalate:       {needs: []concepts{setOf(isManager, isComplain, isScam)}, action: setOf(isManager, isComplain), bars: anyBars},
}

// strange says whether a message is about something else than orders: a flight, a password, a bank's card.
func (m *message) strange(i Intent) bool {
	ours := setOf(isOrder, isParcel, isRefund, isReturn, isSeller, isHello, isThanks, isBye)
	if i == HumanAgent {
		ours.add(isPerson)
		ours.add(isSupport)
	}
	return m.means(setOf(isForeign, isService)) && !m.means(ours)
}

// known says whether any word of it is.
func (m *message) known() bool {
	return slices.ContainsFunc(m.words, func(w word) bool { return !w.means.none() })
}

// means says whether anything of the set is said.
func (m *message) means(of concepts) bool {
	for i := range m.words {
		if m.words[i].means.any(of) {
			return true
		}
	}
	return false
}

// judge says whether an intent is barred, since it is spoken of but not wished for, and why; and unsaid, since no word of it is
// there.
func (m *message) judge(i Intent) (barred, unsaid bool, why flags) {
	r, ruled := rules[i]
	if !ruled {
		return false, false, 0
	}
	for _, set := range r.needs {
		unsaid = unsaid || !m.means(set)
	}
	said, free, denied, coreFree := false, false, false, false
	for n := range m.words {
		w := &m.words[n]
		if !w.means.any(r.action) && !w.means.any(r.done) {
			continue
		}
		said = true
		how := m.how(w, &r)
		if i == OpenDispute && m.cameNotSo(n) {
			how |= negated
		}
		if i == OpenDispute && m.ownedBefore(n) {
			how |= third
		}
		free = free || how == 0
		why |= how
		if w.means.any(r.core) {
			denied, coreFree = denied || how&negated != 0, coreFree || how == 0
		}
	}
	if free = free && (coreFree || !denied); free {
		why = 0
	}
	return said && !free, unsaid, why
}

// how are the flags by which a word does not count as a wish.
func (m *message) how(w *word, r *rule) flags {
	how := w.flags & r.bars
	if m.means(r.apart) {
		how &^= negated
	}
	if w.means.any(r.plain) {
		how &^= negated | quoted
	}
	if w.means.any(r.done) && (w.flags&past != 0 || !w.means.any(r.action)) && !m.clauseMeans(w.clause, wished) {
		how |= past // "cancelé" is the past, and without its accent an order to do it
	}
	return how
}

func (m *message) clauseMeans(clause int, of concepts) bool {
	for i := range m.words {
		if m.words[i].clause == clause && m.words[i].means.any(of) {
			return true
		}
	}
	return false
}
