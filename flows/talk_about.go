package flows

import (
	"maps"
	"slices"
	"strings"

	"nevermind/bot"
)

// about explains how things work here, from the policy in force, to anybody, strangers too. Its states are topics that
// lead to each other; nothing is asked and nothing is lost by leaving.
var about = bot.Flow{
	Name:  "about",
	About: "How things work here, told from the policy: what can be cancelled, how long money takes, what silence means.",
	Talk:  true,
	First: "choosing_topic",
	Starts: []bot.Way{
		{If: factIs("topic", "topic_refunds"), To: "telling_refunds"}, {If: factIs("topic", "topic_stages"), To: "telling_stages"},
		{If: factIs("topic", "topic_silence"), To: "telling_silence"}, {If: factIs("topic", "topic_terms"), To: "telling_terms"},
	},
	Before: []bot.Hear{hearFile, hearCommand},
	Hear:   []bot.Hear{hearTopic, hearOrder, hearHelp, hearIntent, hearMeaning},
	Always: with(talkAlways, bot.Moves{
		"about_asked":     bot.Go("choosing_topic"),
		"topic_stages":    bot.Go("telling_stages").Rules("S01", "S04", "S05", "S06", "S09"),
		"topic_silence":   bot.Go("telling_silence").Rules("S31", "S41", "S42"),
		"topic_refunds":   bot.Go("telling_refunds").Rules("S68", "S69", "S71", "S76"),
		"topic_connected": bot.Go("telling_connecting"),
		"topic_terms":     bot.Go("telling_terms").Rules("S16", "S88"),
		"topic_sources":   bot.Go("choosing_question"),
	}),
	After: talkTimeout,
	Facts: []string{"number"},
	States: bot.States{
		"choosing_topic": {
			Tell:  bot.To{bot.Here: "What would you like to know?"},
			Light: true,
			Offer: topics(""),
			Then:  bot.Moves{"went_back": bot.Leave()},
		},
		"telling_stages": {
			Tell: bot.To{bot.Here: "When an order can be cancelled:\n• Not paid yet: at once, without asking anybody.\n" +
				"• Payment being confirmed: not until that is done.\n• Being prepared: yes, if the seller agrees. " +
				"They have {answer_time} to answer.\n• Shipped or delivered: no longer. You can agree on a return or a discount " +
				"with the seller, or ask our support team.\n\n" +
				"You can try it without risk: nothing is sent until you have seen what it means and pressed “Yes”."},
			Light: true,
			Offer: topics("topic_stages"),
			Rules: []string{"S04", "S05", "S07", "S89"},
			Then:  bot.Moves{"went_back": bot.Leave()},
		},
		"telling_silence": {
			Tell: bot.To{bot.Here: "A seller has {answer_time} to answer a request to cancel. {silence_means}\n\n" +
				"If they say no, the two of you can talk it over for {negotiation_time}. After that our support team decides, " +
				"or sooner if you ask them to."},
			Light: true,
			Offer: topics("topic_silence"),
			Then:  bot.Moves{"went_back": bot.Leave()},
		},
		"telling_refunds": {
			Tell: bot.To{bot.Here: "Once an order is cancelled, the shop sends the money back the way it came. " +
				"How long it then takes until you see it:\n{refund_times}\nI follow it, and ask you whether it has arrived. " +
				"If it hasn't, our support team looks for it."},
			Light: true,
			Offer: topics("topic_refunds"),
			Then:  bot.Moves{"went_back": bot.Leave()},
		},
		"telling_connecting": {
			Tell: bot.To{bot.Here: "{get_link} Opening it brings you back here, and I ask whether the account is yours before " +
				"anything is connected. The link works once, for {link_time}. Please don't pass it on."},
			Light: true,
			Offer: topics("topic_connected"),
			Then:  bot.Moves{"went_back": bot.Leave()},
		},
		"telling_terms": {
			Tell:  bot.To{bot.Here: "{terms_here}"},
			Light: true,
			Offer: topics("topic_terms"),
			Rules: []string{"S16", "S21", "S30", "S88"},
			Then:  bot.Moves{"went_back": bot.Leave()},
		},
		"choosing_question": {
			Tell: bot.To{bot.Here: "The guides to cancelling don't agree on everything. Choose a question: I show what each " +
				"of them says, and what counts here."},
			Light: true,
			List:  listQuestions,
			Offer: bot.Offers{bot.Here: {back}},
			Then:  bot.Moves{"question_picked": bot.Go("telling_sources"), "went_back": bot.Go("choosing_topic")},
		},
		"telling_sources": {
			Tell:  bot.To{bot.Here: "{sources_said}"},
			Light: true,
			Offer: bot.Offers{bot.Here: {{Event: "topic_sources", Label: "Another question"}, {Event: "went_back", Label: "Back"}}},
			Rules: []string{"S72", "Q1", "Q2", "Q3", "Q4", "Q5", "Q6", "Q7", "Q8", "Q9", "Q10", "Q11", "Q12", "Q13", "Q14"},
			Then:  bot.Moves{"went_back": bot.Go("choosing_question")},
		},
	},
}

// howItWorks leads to the explanations.
var howItWorks = bot.Choice{Event: "about_asked", Label: "How it works"}

// topics offers what else can be told.
func topics(told string) bot.Offers {
	all := []bot.Choice{
		{Event: "topic_stages", Label: "What can be cancelled?"},
		{Event: "topic_silence", Label: "If the seller doesn't answer"},
		{Event: "topic_refunds", Label: "How long does a refund take?"},
		{Event: "topic_terms", Label: "Whose rules are these?"},
		{Event: "topic_sources", Label: "Where the guides disagree", When: sourcesDiffer},
		{Event: "topic_connected", Label: "How do I connect this chat?", When: stranger},
		back,
	}
	return bot.Offers{bot.Here: slices.DeleteFunc(all, func(c bot.Choice) bool { return c.Event == told })}
}

// refundTimes lists how long each way of payment takes, one a line.
func refundTimes(v *bot.View, r *bot.Person) string {
	var lines []string
	for _, way := range paymentMethods(v.Policy) {
		if way != "other" {
			lines = append(lines, refundTime(v, r, way))
		}
	}
	return strings.Join(append(lines, refundTime(v, r, "other")), "\n")
}

// refundTime is how long one way of payment takes.
func refundTime(v *bot.View, r *bot.Person, way string) string {
	return v.With(bot.Facts{"way": v.Say(r, methodLabel(way)), "span": formatInterval(v, r, v.Policy.Refund(way))}).
		Say(r, "• {way}: {span}")
}

// paymentMethods are the ways of paying that the policy knows.
func paymentMethods(p *bot.Policy) []string { return slices.Sorted(maps.Keys(p.Refunds)) }
