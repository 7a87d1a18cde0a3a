// How names and times are written.

export const plain = (name) => (name ?? "").replaceAll("_", " ");

export const sentence = (name) => {
  const s = plain(name);
  return s.charAt(0).toUpperCase() + s.slice(1);
};

const formats = {
  hour: new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" }),
  day: new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" }),
  moment: new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }),
  weekday: new Intl.DateTimeFormat(undefined, { weekday: "short" }),
  date: new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" }),
  full: new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" }),
};

export const hour = (t) => formats.hour.format(new Date(t));
export const day = (t) => formats.day.format(new Date(t));
export const moment = (t) => formats.moment.format(new Date(t));
export const full = (t) => formats.full.format(new Date(t));

// soon writes an instant ahead as shortly as it is still clear: the hour, the weekday with it, or the day.
export function soon(t, now) {
  const at = new Date(t);
  if (at.toDateString() === now.toDateString()) return hour(t);
  return at - now < 6 * 86400e3 ? `${formats.weekday.format(at)} ${hour(t)}` : formats.date.format(at);
}

// span writes a length of time with its two largest units: "23 h 58 min".
export function span(ms) {
  const min = Math.max(0, Math.round(ms / 60000));
  const d = Math.floor(min / 1440);
  const h = Math.floor((min % 1440) / 60);
  const parts = d ? [`${d} d`, h && `${h} h`] : h ? [`${h} h`, min % 60 && `${min % 60} min`] : [min ? `${min} min` : "less than a minute"];
  return parts.filter(Boolean).join(" ");
}

export const until = (t, now) => (new Date(t) > now ? `in ${span(new Date(t) - now)}` : "now");

// follows says what a step leads to.
export const follows = (step) => (!step.to || step.to === step.from ? "no change" : plain(step.to));

// size is a number of bytes as people say it.
export const size = (n) => (n < 1e6 ? `${Math.max(1, Math.round(n / 1e3))} kB` : `${(n / 1e6).toFixed(1)} MB`);
