// The rules of the field: a tag names one, and opens its sentence among the others.

import { closes } from "./board.js";
import { byId, el } from "./dom.js";
import { count, ruleSays, rules } from "./words.js";

// shown is how many tags stand in a line; the rest are in the list.
const shown = 4;

// ruleTags are links to the sentences of rules.
export function ruleTags(carried) {
  const all = [...new Set(carried)];
  if (!all.length) return null;
  const rest = all.length - shown;
  return el("span", { class: "rules" }, " · ", all.slice(0, shown).flatMap((id) => [tag(id), " "]),
    rest > 0 && el("button", { type: "button", class: "link", onclick: () => open(all) }, count(rest, "{n} more", "{n} more")));
}

const tag = (id) => el("a", { href: `#rule-${id}`, title: ruleSays(id), onclick: (e) => { e.preventDefault(); open([id]); } }, id);

// open shows the rules, those that are meant first in sight.
function open(marked) {
  const list = byId("rules-list");
  list.replaceChildren(...rules().map((r) => el("li", { id: `rule-${r.rule}`, class: marked.includes(r.rule) ? "marked" : null },
    el("b", {}, r.rule), " ", r.says)));
  byId("rules").showModal();
  list.querySelector(".marked")?.scrollIntoView({ block: "center" });
}

export const startRules = () => closes(byId("rules"));
