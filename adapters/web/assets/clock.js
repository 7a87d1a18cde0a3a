// The clock that can be moved, and what it will bring.

import { again, get, post } from "./api.js";
import { byId } from "./dom.js";
import { ahead, city, count, follows, moment, soon, span, t, zone } from "./words.js";

const moves = { "clock-hour": "1h", "clock-day": "24h", "clock-next": "next" };

let clock = null;
let fetched = 0;
let looked = "next";
let chosen = () => null; // the case that is looked at: "Next deadline" is its own

// now is what time it is in the house.
export const now = () => (clock ? new Date(new Date(clock.now).getTime() + Date.now() - fetched) : new Date());

export function startClock({ oops, moved, key }) {
  chosen = key;
  const refresh = again(async () => {
    const found = await get(`/api/clock?case=${encodeURIComponent(chosen() ?? "")}`).catch(() => null);
    if (found) take(found);
  });
  for (const [id, move] of Object.entries(moves)) {
    const button = byId(id);
    const look = (what) => () => { looked = what; preview(); };
    for (const e of ["mouseenter", "focus"]) button.addEventListener(e, look(move));
    for (const e of ["mouseleave", "blur"]) button.addEventListener(e, look("next"));
    button.addEventListener("click", async () => {
      button.classList.add("busy");
      try {
        take(await post("/api/clock", { move, case: chosen() ?? "" }));
        moved();
      } catch (e) {
        oops(e.message);
      }
      button.classList.remove("busy");
    });
  }
  setInterval(tick, 1000);
  return refresh;
}

function take(found) {
  clock = found;
  fetched = Date.now();
  byId("clock-next").disabled = !clock.next;
  const where = t("Your time ({city})", { city: city(zone) });
  byId("clock-offset").textContent = clock.offset_seconds >= 60 ? `${where} · ${t("{time} ahead", { time: span(clock.offset_seconds * 1000) })}` : where;
  tick();
  preview();
}

function tick() {
  if (!clock) return;
  byId("clock-now").textContent = moment(now());
  byId("clock-now").dateTime = now().toISOString();
}

// preview says beforehand what a move of the clock brings if nobody acts.
function preview() {
  if (!clock) return;
  const end = looked === "next" ? new Date(clock.next ?? 0) : new Date(now().getTime() + (looked === "1h" ? 3600e3 : 86400e3));
  const steps = clock.ahead.filter((s) => new Date(s.at) <= end);
  let words = t("No deadline is running.");
  const rest = steps.length - 1;
  if (rest > 0) words = t("If nobody does anything: {first}, and {more}", { first: tell(steps[0]), more: count(rest, "{n} more", "{n} more") });
  else if (steps.length) words = t("If nobody does anything: {first}", { first: tell(steps[0]) });
  else if (looked !== "next") words = t("Nothing happens by then.");
  else if (clock.next) words = t("Next: {when}", { when: soon(clock.next, now()) });
  byId("clock-what").textContent = words;
}

function tell(s) {
  const what = `${soon(s.at, now())} ${ahead(s.event)}`;
  return `${what}${follows(s) && ` → ${follows(s)}`}${s.id ? ` (${s.id})` : ""}`;
}
