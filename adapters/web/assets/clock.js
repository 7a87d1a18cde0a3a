// The clock that can be moved, and what it will bring.

import { again, get, post } from "./api.js";
import { byId } from "./dom.js";
import { follows, moment, plain, soon, span } from "./words.js";

const moves = { "clock-hour": "1h", "clock-day": "24h", "clock-next": "next" };

let clock = null;
let fetched = 0;
let looked = "next";

// now is what time it is in the house.
export const now = () => (clock ? new Date(new Date(clock.now).getTime() + Date.now() - fetched) : new Date());

export function startClock({ oops, moved }) {
  const refresh = again(async () => {
    const found = await get("/api/clock").catch(() => null);
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
        take(await post("/api/clock", { move }));
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
  byId("clock-offset").textContent = clock.offset_seconds >= 60 ? `${span(clock.offset_seconds * 1000)} ahead` : "real time";
  tick();
  preview();
}

function tick() {
  if (!clock) return;
  byId("clock-now").textContent = moment(now());
  byId("clock-now").dateTime = now().toISOString();
}

// preview says beforehand what a move of the clock brings if nobody moves.
function preview() {
  if (!clock) return;
  const end = looked === "next" ? new Date(clock.next ?? 0) : new Date(now().getTime() + (looked === "1h" ? 3600e3 : 86400e3));
  const steps = clock.ahead.filter((s) => new Date(s.at) <= end);
  let text = "No clock is running.";
  if (steps.length) text = `If nobody moves: ${tell(steps[0])}${steps.length > 1 ? `, and ${steps.length - 1} more` : ""}`;
  else if (looked !== "next") text = "Nothing happens by then.";
  else if (clock.next) text = `Next: ${soon(clock.next, now())}`;
  byId("clock-what").textContent = text;
}

function tell(s) {
  return `${soon(s.at, now())}, ${plain(s.event)}${follows(s) === "no change" ? "" : ` → ${plain(s.to)}`}${s.id ? ` (${s.id})` : ""}`;
}
