// How one message looks: a bubble with its buttons in a chat, a block with its fields at the desk.

import { attached } from "./attach.js";
import { el } from "./dom.js";
import { day, full, hour, t, text } from "./words.js";

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
  if (!list.length && !chat.waiting) items.push({ key: "empty", print: String(chat.menu.length), make: () => empty(chat) });
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
      desk && el("p", { class: "who" }, el("bdi", {}, mine ? who : "Nevermind"), !mine && el("small", {}, t("app")), time(b)),
      !desk && el("span", { class: "unseen" }, mine ? t("You") : "Nevermind", ": "),
      el("div", { class: `bubble${b.card ? " card" : ""}` }, content(chat, b, desk)),
      b.choices && choices(chat, b.choices),
      b.quote && b.ref && el("button", { type: "button", class: "quiet answer", title: t("Reply"), "aria-label": t("Reply to this message"), onclick: () => chat.reply(b) }, "↩")));
}

function content(chat, b, desk) {
  const parts = [];
  const answered = b.answers && chat.last.find((o) => o.ref === b.answers);
  if (answered) parts.push(el("p", { class: "answers", dir: "auto" }, answered.quote || answered.title || answered.text));
  if (b.title) parts.push(el("p", { class: "title", dir: "auto" }, b.title));
  if (b.text) parts.push(...(desk && !b.account ? fields(b.text) : [paragraph(b)]));
  if (b.quote) parts.push(el("blockquote", { dir: "auto" }, b.quote));
  const files = attached(b.files);
  if (files) parts.push(files);
  if (!desk) parts.push(el("p", { class: "meta" }, b.edited && `${t("edited")} `, time(b)));
  return parts;
}

const paragraph = (b) => el("p", { class: "text", dir: "auto", lang: b.account ? null : b.lang || null },
  b.text.split(/(\b[A-Z]-[0-9A-Z]{6,}\b)/).map((s, i) => (i % 2 ? el("span", { class: "id" }, s) : s)));

// fields sets lines such as "Reason: no longer needed" as a list of names and values; two or more in a row.
function fields(said) {
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
    const words = lines.join("\n").trim();
    if (words) parts.push(el("p", { class: "text", dir: "auto" }, parts.length ? words.replace(/^• /, "") : words));
    lines = [];
  };
  for (const l of said.split("\n")) {
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
  const box = el("div", { class: "choices", role: "group", "aria-label": t("Choices") });
  const long = (c) => !c || c.label.length > 24;
  let half = false; // whether the row has room for one more
  for (const [i, c] of list.entries()) {
    const wide = !half && (long(c) || long(list[i + 1]));
    half = !half && !wide;
    box.append(el("button", {
      type: "button", class: `${c.style ?? ""}${wide ? " wide" : ""}`.trim() || null, data: { token: c.token },
      onclick: async (e) => { // not "disabled", which would take the keyboard's place away
        if (box.classList.contains("busy")) return;
        for (const busy of [box, e.currentTarget]) busy.classList.add("busy");
        await chat.press(c.token);
        for (const busy of [box, ...box.children]) busy.classList.remove("busy");
      },
    }, c.label));
  }
  return box;
}

const typing = () => el("div", { class: "msg them typing" },
  el("div", { class: "dots", role: "img", "aria-label": t("Nevermind is typing") }, el("i"), el("i"), el("i")));

const greetings = {
  buyer: [text("You are the buyer."), text("Press a button below, or type what you want.")],
  seller: [text("You are the seller, too."), text("When the buyer asks to cancel one of your orders, the request appears here.")],
  support: [text("And you are support."), text("What the two cannot settle, and what needs a person, appears here.")],
};

// empty invites: a chat without words begins with the first thing on its menu.
function empty(chat) {
  const [title, words] = greetings[chat.party];
  const first = chat.party === "buyer" && chat.menu[0];
  return el("div", { class: "empty" }, el("p", { class: "title" }, t(title)), el("p", {}, t(words)),
    first && el("button", { type: "button", class: "primary", onclick: () => chat.say(first.text) }, first.label));
}

export const initials = (name) => (name || "?").split(/\s+/).slice(0, 2).map((w) => [...w][0] ?? "").join("").toUpperCase();
