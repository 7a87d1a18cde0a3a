// The board: every clock that runs, over all cases, with whose move it is and what follows.

import { again, get } from "./api.js";
import { byId, el } from "./dom.js";
import { now } from "./clock.js";
import { ruleTags } from "./rules.js";
import { city, deadline, full, lasting, moment, parts, state, t, text, until, zone } from "./words.js";

let rows = [];

export function startBoard({ show }) {
  const dialog = byId("board");
  const pick = byId("board-pick");
  const draw = () => {
    const mine = rows.filter((r) => !pick.value || (pick.value === "nobody" ? !r.whose?.length : r.whose?.includes(pick.value)));
    byId("board-list").replaceChildren(...(mine.length ? mine.map((r) => line(r, dialog, show)) : [el("li", { class: "none" }, t("No deadline is running."))]));
  };
  const refresh = again(async () => {
    rows = (await get(`/api/deadlines?zone=${encodeURIComponent(zone)}`).catch(() => null))?.rows ?? rows;
    draw();
  });
  byId("board-open").addEventListener("click", () => { dialog.showModal(); refresh(); });
  pick.addEventListener("change", draw);
  closes(dialog);
  setInterval(() => { if (dialog.open && !document.hidden) refresh(); }, 10000);
}

// closes lets a dialog be closed by its cross, and by a press beside it.
export function closes(dialog) {
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (e) => { if (e.target === dialog) dialog.close(); });
}

// turns say who can still act.
const turns = { buyer: text("The buyer can act"), seller: text("The seller can act"), support: text("Support can act") };
const turn = (whose) => (whose?.length ? whose.map((p) => t(turns[p] ?? "The shop can act")).join(" · ") : t("Nobody needs to act"));

function line(r, dialog, show) {
  const go = () => { dialog.close(); show(r.key, r.parties.buyer?.id); };
  return el("li", { data: { name: r.name, order: r.order } },
    el("p", { class: "when" },
      el("time", { datetime: r.at, title: full(r.at) }, `${moment(r.at)} · ${until(r.at, now())}`),
      el("span", { class: "whose" }, turn(r.whose))),
    el("p", {}, el("b", {}, deadline(r.name)), r.then && r.then !== r.state && el("span", { class: "then" }, " → ", state(r.then))),
    r.says && el("p", {}, r.says),
    el("p", { class: "by" },
      r.id && [el("button", { type: "button", class: "link", onclick: go }, r.id), " · "],
      r.order && [t("Order {order}", r), " · "],
      parts(r.zone ? "It runs {length}, from {when}, by the business days of {city}." : "It runs {length}, from {when}.", {
        length: lasting(r.length), when: moment(r.from), city: city(r.zone ?? ""),
      }),
      ruleTags(r.sources?.filter((s) => /^[SQ]\d+$/.test(s)))));
}
