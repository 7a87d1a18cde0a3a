// How the page speaks: its own sentences in the reader's language, the names of states and events, and how times are written.

import { get } from "./api.js";

let own = {};
let names = { states: {}, events: {}, ahead: {}, windows: {}, stages: {}, reasons: {}, methods: {}, rules: [] };

// learnWords fetches the words once, before anything is said.
export async function learnWords() {
  const found = await get(`/api/words?language=${encodeURIComponent(navigator.language)}`).catch(() => null);
  if (!found) return;
  if (found.language) {
    document.documentElement.lang = language = found.language;
    document.documentElement.dir = found.rtl ? "rtl" : "ltr";
    makeFormats();
  }
  own = found.own;
  names = found.names;
  if (Object.keys(own).length) translate(document.body);
}

// translate puts what stands in the page itself into the reader's language.
function translate(node) {
  for (const e of node.querySelectorAll("*")) {
    for (const label of ["aria-label", "placeholder"]) if (own[e.getAttribute(label)]) e.setAttribute(label, t(e.getAttribute(label)));
    for (const text of e.childNodes) if (text.nodeType === Node.TEXT_NODE && own[text.data.trim()]) text.data = t(text.data.trim());
  }
}

// t says one of the page's own sentences, with what its {names} stand for.
export const t = (english, values = {}) => parts(english, values).join("");

// parts is the same where a {name} stands for an element.
export const parts = (english, values = {}) => fill(own[english] ?? english, values);

const fill = (words, values) => words.split(/\{(\w+)\}/).map((s, i) => (i % 2 ? values[s] ?? "" : s)).filter((s) => s !== "");

// text marks words that stand in a table and are said later.
export const text = (english) => english;

// count says a number of things in the language's plural form: count(2, "{n} reply", "{n} replies").
export function count(n, one, other) {
  const forms = own[other]; // for 0 to 199: no language looks at more than the last two digits
  return fill(Array.isArray(forms) ? forms[n < 100 ? n : 100 + (n % 100)] : n === 1 ? one : other, { n }).join("");
}

const named = (kind) => (name) => (names[kind][name] ? t(names[kind][name]) : plain(name));

export const plain = (name) => (name ?? "").replaceAll("_", " ");
export const sentence = (words) => words.charAt(0).toUpperCase() + words.slice(1);
export const state = named("states");
export const event = named("events");
export const ahead = (name) => (names.ahead[name] ? t(names.ahead[name]) : event(name));
export const stage = named("stages");
export const reason = named("reasons");
export const method = named("methods");
export const deadline = (name) => named("windows")(name.replace(/^half /, ""));
export const rules = () => names.rules.map(({ rule, says }) => ({ rule, says: t(says) }));
export const ruleSays = (id) => rules().find((r) => r.rule === id)?.says ?? "";

// The day before the month and hours up to 24, as the messages write them; in the reader's language, with the digits of the messages.
let language = "en";
const format = (options) => new Intl.DateTimeFormat(language === "en" ? "en-GB" : `${language}-u-nu-latn`, { hourCycle: "h23", ...options });
let formats = {};

function makeFormats() {
  formats = {
    hour: format({ hour: "2-digit", minute: "2-digit" }),
    day: format({ weekday: "long", day: "numeric", month: "long" }),
    moment: format({ weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }),
    weekday: format({ weekday: "short" }),
    date: format({ day: "numeric", month: "short" }),
    full: format({ dateStyle: "full", timeStyle: "long" }),
  };
}
makeFormats();

export const hour = (at) => formats.hour.format(new Date(at));
export const day = (at) => formats.day.format(new Date(at));
export const moment = (at) => formats.moment.format(new Date(at));
export const date = (at) => formats.date.format(new Date(at));
export const full = (at) => formats.full.format(new Date(at));

// zone is where the reader's clock is, and city that of somebody else: "Madrid".
export const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
export const city = (name) => name.split("/").at(-1).replaceAll("_", " ");
export const hourIn = (at, name) => format({ hour: "2-digit", minute: "2-digit", timeZone: name }).format(new Date(at));

// soon writes an instant ahead as shortly as it is still clear: the hour, the weekday with it, or the day.
export function soon(at, now) {
  const then = new Date(at);
  if (then.toDateString() === now.toDateString()) return hour(at);
  return then - now < 6 * 86400e3 ? `${formats.weekday.format(then)} ${hour(at)}` : formats.date.format(then);
}

// span writes a length of time with its two largest units: "23 hours 58 minutes".
export function span(ms) {
  const min = Math.max(0, Math.round(ms / 60000));
  const units = [[Math.floor(min / 1440), "day"], [Math.floor((min % 1440) / 60), "hour"], [min % 60, "minute"]];
  const first = units.findIndex(([n]) => n > 0);
  if (first < 0) return t("less than a minute");
  return units.slice(first, first + 2).filter(([n]) => n > 0).map(([n, unit]) => measure(n, unit)).join(" ");
}

const measure = (n, unit) => ({
  day: () => count(n, "{n} day", "{n} days"), hour: () => count(n, "{n} hour", "{n} hours"), minute: () => count(n, "{n} minute", "{n} minutes"),
})[unit]();

export const until = (at, now) => (new Date(at) > now ? t("in {time}", { time: span(new Date(at) - now) }) : t("now"));

// lasting is how long a deadline runs: "10 days", "20 business days".
export const lasting = ({ seconds, business_days: days }) => (days ? count(days, "{n} business day", "{n} business days") : span(seconds * 1000));

// follows says what a step leads to; nothing where it leads nowhere.
export const follows = (step) => (!step.to || step.to === step.from ? "" : state(step.to));

// spoken is what a language is called in the reader's.
export function spoken(code) {
  try {
    return sentence(new Intl.DisplayNames([language], { type: "language" }).of(code));
  } catch {
    return code;
  }
}

// size is a number of bytes as people say it.
export const size = (n) => (n < 1e6 ? `${Math.max(1, Math.round(n / 1e3))} kB` : `${(n / 1e6).toFixed(1)} MB`);
