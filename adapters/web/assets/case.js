// The case: where it stands, its deadlines, what has happened and what will if nobody moves, on one line of time.

import { el } from "./dom.js";
import { ruleTags } from "./rules.js";
import { ahead, deadline, event, follows, full, moment, parts, plain, sentence, state, t, text, until } from "./words.js";

export function drawCase(body, c, now) {
  if (!c) {
    body.replaceChildren(el("p", { class: "none" },
      t("No case yet. When the buyer asks to cancel an order that is paid, the case appears here: what happened, who has to act and until when, and what follows if they don’t.")));
    return;
  }
  const top = body.scrollTop;
  body.replaceChildren(standing(c, now), timeline(c, now));
  const print = `${c.key} ${c.timeline.length}`;
  if (body.dataset.print === print) body.scrollTop = top;
  else toNow(body);
  body.dataset.print = print;
}

// toNow brings the present into sight, with the last that happened above it.
export function toNow(body) {
  const mark = body.querySelector(".line .now") ?? body.querySelector(".line li:last-child");
  if (!mark) return;
  const head = body.firstElementChild.offsetHeight;
  body.scrollTop += mark.getBoundingClientRect().top - body.getBoundingClientRect().top - head - 70;
}

// refundWords say where a refund stands.
const refundWords = { pending: text("Refund of {amount}: on its way"), settled: text("Refund of {amount}: sent"), failed: text("Refund of {amount}: failed") };
// titleOf is what an order is of: its first item, and whether there are others.
export const titleOf = (order) => (order.more ? t("{title} and more", { title: order.title }) : order.title);

export const refund = (r) => el("span", {}, t(refundWords[r.state] ?? "Refund of {amount}", r));

function standing(c, now) {
  const ends = c.deadlines.filter((d) => !d.name.startsWith("half ")); // reminders on the way stand in the line of time
  return el("div", { class: "standing" },
    el("p", { class: "about" },
      el("strong", { id: "case-state", class: c.end ? "end" : null, data: { state: c.state } }, sentence(state(c.state))),
      " ",
      c.summary && el("span", { class: "what" }, el("bdi", {}, titleOf(c.summary)), " · ", el("bdi", {}, c.summary.total))),
    c.refund && el("p", { class: `refund ${c.refund.state}` }, refund(c.refund)),
    ends.length > 0 && el("ul", { class: "deadlines", "aria-label": t("Deadlines") }, ends.map((d) => el("li", {},
      parts("{what}: until {when} ({left})", {
        what: el("b", {}, deadline(d.name)), left: until(d.at, now), when: el("time", { datetime: d.at, title: full(d.at) }, moment(d.at)),
      }),
      d.then && d.then !== c.state && el("span", { class: "then" }, " → ", state(d.then))))));
}

function timeline(c, now) {
  const line = el("ol", { class: "line", id: "timeline", "aria-label": t("What happened") }, c.timeline.map(past));
  if (c.end) return line;
  line.append(el("li", { class: "now" }, el("span", {}, c.ahead.length ? t("Now. If nobody does anything:") : t("Now. It waits for people, without a deadline."))));
  const again = (s, i) => s.to === s.from && c.ahead.findIndex((o) => o.event === s.event && o.from === s.from) < i;
  line.append(...c.ahead.filter((s, i) => !again(s, i)).map((s) => future(s, now)));
  return line;
}

// notes say why something counted for nothing.
const notes = {
  late: text("too late"), forged: text("not a button of ours"), not_yours: text("somebody else’s button"), not_understood: text("not understood"),
  too_long: text("too long"), used: text("pressed before"), unheard: text("changed nothing"), failed: text("tried again later"), kept: text("kept with the case"),
};

function past(m) {
  const moved = m.to && m.to !== m.from && !m.note;
  return el("li", { class: m.note ? "past noted" : "past", data: { event: m.event, to: m.to } },
    el("p", {},
      el("b", {}, event(m.event)),
      moved && el("span", { class: "then" }, " → ", state(m.to)),
      m.note && el("span", { class: "then" }, ` (${notes[m.note] ? t(notes[m.note]) : plain(m.note)})`)),
    el("p", { class: "by" },
      el("time", { datetime: m.at, title: full(m.at) }, moment(m.at)),
      " · ", who(m), ruleTags(m.rules)));
}

// parties are who acts where no name is known.
const partyWords = { buyer: text("the buyer"), seller: text("the seller"), support: text("support"), clock: text("the clock"), shop: text("the shop") };
export const party = (p) => t(partyWords[p] ?? "Nevermind");

const who = (m) => (m.actor ? el("span", {}, el("bdi", {}, m.actor), `, ${party(m.by)}`) : el("span", {}, party(m.by)));

function future(s, now) {
  return el("li", { class: "future" },
    el("p", {}, el("b", {}, ahead(s.event)), follows(s) && el("span", { class: "then" }, " → ", follows(s))),
    el("p", { class: "by" }, el("time", { datetime: s.at, title: full(s.at) }, `${moment(s.at)} · ${until(s.at, now)}`)));
}
