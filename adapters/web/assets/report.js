// The report: what came of all requests, as the house has counted it from their journals. Nothing is counted here.

import { get } from "./api.js";
import { closes } from "./board.js";
import { byId, el } from "./dom.js";
import { date, method, parts, plain, reason, sentence, span, spoken, t, text } from "./words.js";

export function startReport({ oops }) {
  const dialog = byId("report");
  byId("report-open").addEventListener("click", async () => {
    try {
      const [report, people] = await Promise.all([get("/api/report"), get("/api/people")]);
      sellers = new Map(people.sellers.map((p) => [p.id.split(":").at(-1), p.name]));
      byId("report-body").replaceChildren(...draw(report));
      dialog.showModal();
    } catch (e) {
      oops(e.message);
    }
  });
  closes(dialog);
}

let sellers = new Map(); // the names of those who are on the page, by the shop's ids

const steps = { asked: text("Asked"), answered: text("Answered"), agreed: text("Agreed to"), refunded: text("Refunded"), arrived: text("Arrived") };

// whys say why a request went no further, as bot.ReportLeft names it.
const whys = {
  withdrawn: text("withdrawn by the buyer"), refused: text("refused"), overtaken: text("the order had changed"),
  nothing_owed: text("cancelled, no money owed"), charged_back: text("the bank gave the money back"), not_returned: text("not sent back in time"),
  on_its_way: text("the money is on its way"), looked_for: text("the money is missing and looked for"), came_back: text("the money came back to the shop"),
  not_followed: text("not followed any further"), open: text("still open"),
};

const whos = {
  seller: text("the seller"), buyer: text("the buyer"), support: text("support"), silence: text("silence"), law: text("the law"), shop: text("the shop"),
  nobody: text("nobody had to be asked"),
};

const answers = { agreed: text("yes"), refused: text("no"), offered: text("an offer"), shipped: text("“it has shipped”") };

const kinds = { cancellation: text("Cancellation"), dispute: text("Dispute"), return: text("Return"), refund: text("Refund") };

// groupings are what the whole can be looked at by, and how a group of each is called.
const groupings = {
  week: [text("week"), week], kind: [text("kind of request"), (name) => (kinds[name] ? t(kinds[name]) : sentence(plain(name)))],
  reason: [text("reason"), reason], seller: [text("seller"), (id) => sellers.get(id) ?? id],
  language: [text("the buyer’s language"), spoken], method: [text("way of paying"), method],
};

// week is the day on which a week such as "2026-W48" begins.
function week(name) {
  const [year, n] = name.split("-W").map(Number);
  const first = new Date(Date.UTC(year, 0, 4)); // the fourth of January is in the first week
  const monday = first.getTime() + ((n - 1) * 7 - ((first.getUTCDay() + 6) % 7)) * 86400e3;
  return t("from {day}", { day: date(new Date(monday + 43200e3)) });
}

function draw({ all, by }) {
  if (!all.asked) return [el("p", {}, t("No request has been made yet. Play one, and look again."))];
  return [
    funnel(all),
    el("div", { class: "two" },
      section(t("How sellers answer"), facts([
        [t("Requests put to them"), all.seller.asked], [t("First answer"), list(all.seller.answers, answers)], [t("Until the first answer"), took(all.seller.took)],
        [t("Time ran out"), all.seller.silent], [t("Odd tracking codes"), all.seller.odd_codes], [t("Reversed by support"), all.seller.reversed],
      ])),
      section(t("How support works"), facts([
        [t("Cases that came"), all.support.cases], [t("Cases decided"), all.support.decided], [t("Cases answered late"), all.support.late],
        [t("Until the first act"), took(all.support.first)], [t("Until the decision"), took(all.support.decide)],
      ]))),
    section(t("How long money takes"), money(all.refunds)),
    section(t("How people found it"), ratings(all.satisfaction)),
    breakdown(by),
    el("p", { class: "by" }, parts("The same numbers: {command} in a terminal, {address} for the shop.", {
      command: el("code", { dir: "ltr" }, "nevermind report"), address: el("code", { dir: "ltr" }, "GET /v1/reports"),
    })),
  ].filter(Boolean);
}

const section = (title, ...content) => (content.some(Boolean) ? el("section", {}, el("h3", {}, title), ...content) : null);

function funnel(all) {
  const bars = Object.entries(steps).map(([step, name]) => {
    const bar = el("span", { class: "bar" });
    bar.style.inlineSize = `${(all[step] / all.asked) * 100}%`;
    const left = all.left.filter((l) => l.after === step).map((l) => `${whys[l.why] ? t(whys[l.why]) : plain(l.why)} ${l.n}`);
    return el("li", { data: { step, n: all[step] } },
      el("span", { class: "step" }, t(name)), el("span", { class: "track" }, bar),
      el("b", {}, String(all[step])), el("span", { class: "by" }, `${Math.round((all[step] / all.asked) * 100)} %`),
      left.length > 0 && el("p", { class: "by" }, t("No further: {list}", { list: left.join(" · ") })));
  });
  return section(t("How far they came"), el("ol", { class: "funnel" }, ...bars),
    facts([[t("Answered first by"), list(all.answered_by, whos)], [t("Settled by"), list(all.agreed_by, whos)]]));
}

const facts = (rows) => el("dl", {}, ...rows.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, String(value))]));

// list names what was counted, the most frequent first.
function list(counts, names) {
  const all = Object.entries(counts ?? {}).sort((a, b) => b[1] - a[1]);
  return all.length ? all.map(([name, n]) => `${names[name] ? t(names[name]) : plain(name)} ${n}`).join(" · ") : "–";
}

const within = (hours) => span(hours * 3600e3);
function took({ n, half_hours: half, nine_in_ten_hours: nine }) {
  if (!n) return "–";
  if (within(half) === within(nine)) return `${within(half)} (${n})`;
  return t("half within {half}, nine in ten within {nine} ({n})", { half: within(half), nine: within(nine), n });
}

function table(heads, rows) {
  return el("div", { class: "wide", tabindex: "0" }, el("table", {},
    el("thead", {}, el("tr", {}, ...heads.map((h) => el("th", { scope: "col" }, h)))),
    el("tbody", {}, ...rows.map(([first, ...rest]) => el("tr", {}, el("th", { scope: "row" }, first), ...rest.map((v) => el("td", {}, String(v))))))));
}

function money(refunds) {
  const rows = Object.entries(refunds ?? {}).map(([how, m]) => [method(how), m.sent, m.arrived, m.sums.join(", "), took(m.sending), took(m.arriving)]);
  return rows.length > 0 && table([t("Paid by"), t("Sent"), t("Arrived"), t("In all"), t("Until sent"), t("Until there")], rows);
}

function ratings(satisfaction) {
  const rows = Object.entries(satisfaction ?? {}).map(([who, s]) => [sentence(t(whos[who])), s.asked, s.answered, s.good, s.fair, s.bad]);
  return rows.length > 0 && table(["", t("People asked"), t("Have answered"), "🙂", "😐", "🙁"], rows);
}

function breakdown(by) {
  const pick = el("select", { id: "report-by" }, ...Object.entries(groupings).map(([name, [title]]) => el("option", { value: name }, t(title))));
  const at = el("div", { id: "report-groups" });
  const choose = () => at.replaceChildren(table(
    ["", ...Object.values(steps).map((s) => t(s)), t("Half answered within"), t("Time ran out"), t("Reversed by support")],
    by[pick.value].map((g) => [
      g.name ? groupings[pick.value][1](g.name) : t("not known"), ...Object.keys(steps).map((step) => g[step]),
      g.seller.took.n ? within(g.seller.took.half_hours) : "–", g.seller.silent, g.seller.reversed,
    ])));
  pick.addEventListener("change", choose);
  choose();
  return el("section", {}, el("h3", {}, el("label", {}, t("All of it by"), " ", pick)), at);
}
