// The case: where it stands, its deadlines, what has happened and what will if nobody moves, on one line of time.

import { el } from "./dom.js";
import { follows, full, moment, plain, sentence, until } from "./words.js";

export function drawCase(body, c, now) {
  if (!c) {
    body.replaceChildren(el("p", { class: "none" },
      "No case yet. When the buyer asks to cancel an order that is paid, the case appears here: what happened, who may act and until when, and what follows if nobody does."));
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

function standing(c, now) {
  const ends = c.deadlines.filter((d) => !d.name.startsWith("half ")); // reminders on the way stand in the line of time
  return el("div", { class: "standing" },
    el("p", { class: "about" },
      el("strong", { id: "case-state", class: c.end ? "end" : null, data: { state: c.state } }, sentence(c.state)),
      " ",
      c.summary && el("span", { class: "what" }, el("bdi", {}, c.summary.title), ` · ${c.summary.total}`)),
    c.refund && el("p", { class: `refund ${c.refund.state}` }, `Refund of ${c.refund.amount}: ${c.refund.state}`),
    ends.length > 0 && el("ul", { class: "deadlines", "aria-label": "Deadlines" }, ends.map((d) => el("li", {},
      el("b", {}, sentence(d.name)), " ends ", el("time", { datetime: d.at, title: full(d.at) }, `${until(d.at, now)}, ${moment(d.at)}`),
      d.then && d.then !== c.state && el("span", { class: "then" }, ` → ${plain(d.then)}`)))));
}

function timeline(c, now) {
  const line = el("ol", { class: "line", id: "timeline", "aria-label": "Timeline" }, c.timeline.map(past));
  if (c.end) return line;
  line.append(el("li", { class: "now" }, el("span", {}, c.ahead.length ? "Now. If nobody moves:" : "Now. It waits for people; no clock is running.")));
  const again = (s, i) => s.to === s.from && c.ahead.findIndex((o) => o.event === s.event && o.from === s.from) < i;
  line.append(...c.ahead.filter((s, i) => !again(s, i)).map((s) => future(s, now)));
  return line;
}

function past(m) {
  const moved = m.to && m.to !== m.from && !m.note;
  return el("li", { class: m.note ? "past noted" : "past", data: { event: m.event, to: m.to } },
    el("p", {},
      el("b", {}, sentence(m.event)),
      moved && el("span", { class: "then" }, ` → ${plain(m.to)}`),
      m.note && el("span", { class: "then" }, ` (${plain(m.note)})`)),
    el("p", { class: "by" },
      el("time", { datetime: m.at, title: full(m.at) }, moment(m.at)),
      " · ", who(m),
      m.rules?.length ? rules(m.rules) : null));
}

// rules shows the first few of the rules that applied; the rest are a look away.
const rules = (all) => el("span", { class: "rules", title: `Rules: ${all.join(", ")}` },
  ` · ${all.slice(0, 4).join(" ")}${all.length > 4 ? ` +${all.length - 4}` : ""}`);

const who = (m) => (m.actor ? el("span", {}, el("bdi", {}, m.actor), `, ${m.by}`) : el("span", {}, m.by === "clock" ? "the clock" : m.by === "shop" ? "the shop" : m.by || "the house"));

function future(s, now) {
  return el("li", { class: "future" },
    el("p", {}, el("b", {}, sentence(s.event)), el("span", { class: "then" }, ` → ${follows(s)}`)),
    el("p", { class: "by" }, el("time", { datetime: s.at, title: full(s.at) }, `${moment(s.at)} · ${until(s.at, now)}`)));
}
