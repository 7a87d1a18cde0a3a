// Words for the first visit, what the page remembers, and what went wrong.

import { byId, el } from "./dom.js";

// memory keeps a small thing between visits, where the browser lets it.
export function memory(name, value) {
  try {
    if (value === undefined) return localStorage.getItem(`nevermind ${name}`);
    localStorage.setItem(`nevermind ${name}`, value);
  } catch { /* a private window: nothing is kept */ }
  return null;
}

export function startHint(name) {
  if (!name || memory("hint") === "seen") return;
  const step = (n, ...words) => el("li", {}, el("b", { "aria-hidden": "true" }, String(n)), el("span", {}, ...words));
  byId("hint-text").replaceChildren(
    step(1, `As ${name.split(" ")[0]}, press My orders and cancel one that is paid.`),
    step(2, "Answer as the seller. Or stay silent, and press +1 day."),
    step(3, "Where the two cannot agree, decide as support."));
  byId("hint").hidden = false;
  byId("hint-close").onclick = () => {
    memory("hint", "seen");
    byId("hint").hidden = true;
  };
}

let timer = 0;

// oops says what went wrong, for a while.
export function oops(words) {
  byId("oops").textContent = words;
  byId("oops").hidden = false;
  clearTimeout(timer);
  timer = setTimeout(() => { byId("oops").hidden = true; }, 7000);
}
