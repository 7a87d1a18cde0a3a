// The laboratory: what the closed cases would have been under another policy.

import { post } from "./api.js";
import { closes } from "./board.js";
import { byId, el } from "./dom.js";
import { count, event, state, t, text } from "./words.js";

// changes can be tried with one press, as a policy file says them; whoever wants another writes it.
const changes = ["seller_silence: support", "seller_silence: approve", "seller_answer: 12h", "seller_answer: 48h", "negotiation: 3d"];

export function startLaboratory() {
  const dialog = byId("laboratory");
  const pick = byId("laboratory-pick");
  const yaml = byId("laboratory-yaml");
  const answer = byId("laboratory-answer");
  pick.replaceChildren(...changes.map((change) => el("option", { value: `windows: {${change}}` }, change)));
  const choose = () => { yaml.value = pick.value; };
  choose();
  pick.addEventListener("change", choose);
  byId("laboratory-open").addEventListener("click", () => { answer.replaceChildren(); dialog.showModal(); });
  byId("laboratory-form").addEventListener("submit", async (e) => {
    e.preventDefault();
    const button = byId("laboratory-try");
    button.disabled = true;
    answer.replaceChildren();
    try {
      answer.replaceChildren(...draw(await post("/api/laboratory", { policy: yaml.value })));
    } catch (err) {
      answer.replaceChildren(el("p", { class: "wrong", role: "alert" }, err.message));
    }
    button.disabled = false;
  });
  closes(dialog);
}

// how says how cases would have left the way that they took, by the branch.
const how = {
  elsewhere: text("“{event}” led to “{went}”. It would have led to “{would}”."),
  sooner: text("While “{state}”, this would have come before anybody moved: “{event}”."),
  later: text("“{event}” would not have come yet: there would have been more time."),
  not_offered: text("“{event}” would not have been possible."),
  amount: text("The way is the same, but not the amount."),
};

// ends say where they ended, by the verdict.
const ends = {
  other: text("The end was “{ended}”. It would have been “{end}”."),
  detour: text("The end would have been the same: “{ended}”."),
  unknown: text("The end was “{ended}”. What it would have been nobody knows: somebody would have had to act."),
};

const sums = (all) => (all?.length ? all.join(", ") : "0");

function draw(l) {
  if (!l.cases) return [el("p", { class: "sum" }, t("No case is closed yet. Play one to its end, or move the clock, and try again."))];
  const differ = l.others + l.detours + l.unknown;
  return [
    el("p", { class: "sum", data: { cases: l.cases, differ } }, count(l.cases, "One closed case was tried.", "{n} closed cases were tried."), " ",
      el("b", {}, differ ? count(differ, "One would have gone another way.", "{n} would have gone another way.") : t("Nothing would differ."))),
    el("ul", {}, ...(l.partings ?? []).map(line)),
    el("p", { class: "by" }, t("It cannot know what people would have pressed in a situation that never came up, or whether they would have used a longer time.")),
  ];
}

function line(p) {
  const named = { event: event(p.event), state: state(p.state), went: state(p.went), would: state(p.would), ended: state(p.ended), end: state(p.end) };
  const money = { went: sums(p.back), would: sums(p.would_back) };
  return el("li", { data: { verdict: p.verdict, event: p.event } },
    el("p", {}, el("b", {}, `${p.cases} × `), t(how[p.how], named), " ", t(ends[p.verdict], named)),
    el("p", { class: "by" },
      p.verdict === "unknown" ? t("Sent back: {went}.", money) : t("Sent back: {went}. It would have been {would}.", money),
      ` ${p.examples.join(" · ")}`));
}
