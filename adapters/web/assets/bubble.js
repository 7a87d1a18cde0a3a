// How one message looks: a bubble with its buttons in a chat, a block with its fields at the desk.

import { el } from "./dom.js";
import { day, full, hour } from "./words.js";

// bubbles lists what a log shows: days, messages, and the dots while an answer is awaited.
export function bubbles(chat, list) {
  const items = [];
  let last = "";
  for (const b of list) {
    const d = day(b.at);
    if (d !== last) items.push({ key: `day ${d}`, print: d, make: () => el("div", { class: "day" }, el("span", {}, d)) });
    last = d;
    items.push({ key: b.seq, print: JSON.stringify(b), make: () => message(chat, b) });
  }
  if (!list.length && !chat.waiting) items.push({ key: "empty", print: "", make: () => empty(chat) });
  if (chat.waiting) items.push({ key: "typing", print: "", make: typing });
  return items;
}

function message(chat, b) {
  const mine = !!b.account;
  const desk = chat.party === "support";
  const who = mine ? chat.people(b.account) : null;
  return el("article", { class: `msg ${mine ? "mine" : "them"}`, tabindex: "-1", data: { ref: b.ref ?? "" } },
    desk && el("span", { class: "face", "aria-hidden": "true" }, mine ? initials(who) : "N"),
    el("div", { class: "in" },
      desk && el("p", { class: "who" }, el("bdi", {}, mine ? who : "Nevermind"), !mine && el("small", {}, "app"), time(b)),
      !desk && el("span", { class: "unseen" }, mine ? "You: " : "Nevermind: "),
      el("div", { class: `bubble${b.card ? " card" : ""}` }, content(chat, b, desk)),
      b.choices && choices(chat, b.choices),
      b.quote && b.ref && el("button", { type: "button", class: "quiet answer", onclick: () => chat.reply(b) }, "↩ Reply")));
}

function content(chat, b, desk) {
  const parts = [];
  const answered = b.answers && chat.last.find((o) => o.ref === b.answers);
  if (answered) parts.push(el("p", { class: "answers", dir: "auto" }, answered.quote || answered.title || answered.text));
  if (b.title) parts.push(el("p", { class: "title", dir: "auto" }, b.title));
  if (b.text) parts.push(...(desk && !b.account ? fields(b.text) : [paragraph(b)]));
  if (b.quote) parts.push(el("blockquote", { dir: "auto" }, b.quote));
  for (const f of b.files ?? []) parts.push(el("p", { class: "file" }, el("bdi", {}, f)));
  if (!desk) parts.push(el("p", { class: "meta" }, b.edited && "edited ", time(b)));
  return parts;
}

const paragraph = (b) => el("p", { class: "text", dir: "auto", lang: b.account ? null : b.lang || null }, b.text);

// fields sets lines such as "Reason: no longer needed" as a list of names and values; two or more in a row.
function fields(text) {
  const parts = [];
  let run = [];
  const flush = () => {
    if (run.length >= 2) {
      parts.push(el("dl", {}, run.map(([k, v]) => el("div", {}, el("dt", {}, k), el("dd", { dir: "auto" }, v)))));
    } else for (const [k, v] of run) lines.push(`${k}: ${v}`);
    run = [];
  };
  let lines = [];
  const words = () => {
    if (lines.join("").trim()) parts.push(el("p", { class: "text", dir: "auto" }, lines.join("\n").trim()));
    lines = [];
  };
  for (const l of text.split("\n")) {
    const m = /^(?:• )?(\p{Lu}[\p{L} ]{1,22}): (\S.{0,120})$/u.exec(l);
    if (m && run.length === 0 && !/[.!?]$/.test(m[2])) { words(); run.push([m[1], m[2]]); }
    else if (m && !/[.!?]$/.test(m[2])) run.push([m[1], m[2]]);
    else { flush(); lines.push(l); }
  }
  flush();
  words();
  return parts;
}

const time = (b) => el("time", { datetime: b.at, title: full(b.at) }, hour(b.at));

// choices lays the buttons out in at most two columns; a long label, or one left over, has a row of its own.
function choices(chat, list) {
  const box = el("div", { class: "choices", role: "group", "aria-label": "Choices" });
  const long = (c) => !c || c.label.length > 24;
  let half = false; // whether the row has room for one more
  for (const [i, c] of list.entries()) {
    const wide = !half && (long(c) || long(list[i + 1]));
    half = !half && !wide;
    box.append(el("button", {
      type: "button", class: `${c.style ?? ""}${wide ? " wide" : ""}`.trim() || null, data: { token: c.token },
      onclick: async (e) => {
        for (const other of box.children) other.disabled = true;
        e.currentTarget.classList.add("busy");
        await chat.press(c.token);
        for (const other of box.children) { other.disabled = false; other.classList.remove("busy"); }
      },
    }, c.label));
  }
  return box;
}

const typing = () => el("div", { class: "msg them typing" },
  el("div", { class: "dots", role: "img", "aria-label": "Nevermind is typing" }, el("i"), el("i"), el("i")));

const greetings = {
  buyer: "Ask about an order, or say what went wrong.",
  seller: "Nothing to decide yet. A buyer’s request appears here.",
  support: "The desk is quiet. What needs a person appears here.",
};

const empty = (chat) => el("div", { class: "empty" }, el("p", {}, greetings[chat.party]),
  chat.party === "buyer" && el("button", { type: "button", class: "primary", onclick: () => chat.say("/start") }, "Start"));

export const initials = (name) => (name || "?").split(/\s+/).slice(0, 2).map((w) => [...w][0] ?? "").join("").toUpperCase();
