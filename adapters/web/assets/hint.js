// Words for the first visit, what the page remembers, and what went wrong.

import { byId } from "./dom.js";

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
  byId("hint-text").textContent = `Try it: type “cancel” as ${name.split(" ")[0]}, or press My orders. Then answer as the seller, or move the clock and see what silence decides.`;
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
