// The desk as Slack shows it: the blocks that the Slack adapter makes of the same replies, drawn as Slack draws them. A case
// is one message, its card; what else it says stands in the thread below.

import { initials } from "./bubble.js";
import { el } from "./dom.js";
import { full, hour } from "./words.js";

// threads lists what the channel shows: messages, and below each card its thread.
export function threads(chat, list) {
  const roots = [];
  const cards = new Map();
  for (const b of list) {
    const root = cards.get(b.from);
    if (b.card && root) {
      root.below.push({ ...b, blocks: b.news });
      root.b = { ...b, at: root.b.at, edited: b.at };
    } else if (b.from && root) root.below.push(b);
    else {
      const fresh = { b, below: [] };
      roots.push(fresh);
      if (b.card) cards.set(b.from, fresh);
    }
  }
  return roots.map((r) => ({ key: `slack ${r.b.from ?? ""} ${r.b.card ? "" : r.b.seq}`, print: JSON.stringify(r), make: () => thread(chat, r) }));
}

function thread(chat, { b, below }) {
  return el("article", { class: "s-root" }, message(chat, b),
    below.length > 0 && el("details", { open: true }, el("summary", {}, `${below.length} ${below.length === 1 ? "reply" : "replies"}`), below.map((m) => message(chat, m))));
}

function message(chat, b) {
  const who = b.account ? chat.people(b.account) : "Nevermind";
  return el("div", { class: "s-msg" },
    el("span", { class: "s-face", "aria-hidden": "true" }, b.account ? initials(who) : "N"),
    el("div", {},
      el("p", { class: "s-who" }, el("b", {}, who), !b.account && el("small", {}, "APP"), el("time", { datetime: b.at, title: full(b.at) }, hour(b.at))),
      b.blocks ? b.blocks.map((one) => block(chat, one)) : el("p", { class: "s-rich" }, b.text),
      b.edited && el("p", { class: "s-edited" }, "(edited)")));
}

// block draws one block; a kind that this adapter does not make is named, so that nothing is missed in silence.
function block(chat, b) {
  const draw = { rich_text: rich, actions, header, divider, section, context }[b.type];
  return draw ? draw(b, chat) : el("p", { class: "s-odd" }, `[${b.type}]`);
}

const rich = (b) => el("div", { class: "s-rich" }, b.elements.map((part) =>
  el(part.type === "rich_text_quote" ? "blockquote" : "p", { dir: "auto" }, part.elements.map(run))));

function run(r) {
  const text = r.type === "link" ? el("span", { class: "s-link" }, r.text ?? r.url) : r.text ?? "";
  return r.style?.bold ? el("b", {}, text) : text;
}

const header = (b) => el("h3", {}, b.text.text);
const section = (b) => el("p", { class: "s-rich" }, b.text.text);
const context = (b) => el("p", { class: "s-context" }, b.elements.map((e) => e.text).join(" "));
const divider = () => el("hr");

const actions = (b, chat) => el("div", { class: "s-actions", role: "group", "aria-label": "Choices" }, b.elements.map((e) =>
  el("button", { type: "button", class: e.style ?? null, onclick: () => chat.press(e.value) }, e.text.text)));
