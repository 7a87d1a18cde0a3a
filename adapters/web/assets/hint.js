// Words for the first visit and for a story that has begun, what the page remembers, and what went wrong.

import { byId, el } from "./dom.js";
import { t } from "./words.js";

// memory keeps a small thing between visits, where the browser lets it.
export function memory(name, value) {
  try {
    if (value === undefined) return localStorage.getItem(`nevermind ${name}`);
    localStorage.setItem(`nevermind ${name}`, value);
  } catch { /* a private window: nothing is kept */ }
  return null;
}

// show shows a hint until it is closed; on a narrow screen it is folded.
function show(title, steps, closed) {
  const one = (words, i) => el("li", {}, steps.length > 1 && el("b", { "aria-hidden": "true" }, String(i + 1)), el("span", {}, words));
  byId("hint-title").textContent = title;
  byId("hint-text").replaceChildren(...steps.map(one));
  byId("hint-fold").open = matchMedia("(min-width: 901px)").matches;
  byId("hint").hidden = false;
  byId("hint-close").onclick = () => {
    byId("hint").hidden = true;
    closed?.();
  };
}

export function startHint(name) {
  if (!name || memory("hint") === "seen" || !byId("hint").hidden) return;
  show(t("How to try this"), [
    t("Press Situations for a story that has begun. Or ask, as {name}, to cancel one of your orders.", { name: name.split(" ")[0] }),
    t("Answer as the seller. Or stay silent, and press +1 day."),
    t("Where the two cannot agree, decide as support."),
  ], () => memory("hint", "seen"));
}

// tellStory keeps what a story is about in sight.
export const tellStory = ({ title, about }) => show(title, [about]);

let timer = 0;

// oops says what went wrong, for a while.
export function oops(words) {
  byId("oops").textContent = t(words);
  byId("oops").hidden = false;
  clearTimeout(timer);
  timer = setTimeout(() => { byId("oops").hidden = true; }, 7000);
}
