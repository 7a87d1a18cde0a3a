// The board: every clock that runs, over all cases, with whose move it is and what happens then.

import { again, get } from "./api.js";
import { byId, el } from "./dom.js";
import { now } from "./clock.js";
import { full, moment, plain, sentence, until } from "./words.js";

let rows = [];

export function startBoard({ show }) {
  const dialog = byId("board");
  const pick = byId("board-pick");
  const draw = () => {
    const mine = rows.filter((r) => !pick.value || (pick.value === "nobody" ? !r.whose?.length : r.whose?.includes(pick.value)));
    byId("board-list").replaceChildren(...(mine.length ? mine.map((r) => line(r, dialog, show)) : [el("li", { class: "none" }, "No clock is running.")]));
  };
  const refresh = again(async () => {
    rows = (await get("/api/deadlines").catch(() => null))?.rows ?? rows;
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

function line(r, dialog, show) {
  const go = () => { dialog.close(); show(r.key, r.parties.buyer?.id); };
  return el("li", { data: { name: r.name, order: r.order } },
    el("p", { class: "when" },
      el("time", { datetime: r.at, title: full(r.at) }, `${moment(r.at)} · ${until(r.at, now())}`),
      el("span", { class: "whose" }, r.whose?.length ? `${r.whose.join(" and ")}’s move` : "nobody’s move")),
    el("p", {}, el("b", {}, sentence(r.name)), r.then && r.then !== r.state && el("span", { class: "then" }, ` → ${plain(r.then)}`), ` ${r.says}`),
    el("p", { class: "by" },
      r.id ? el("button", { type: "button", class: "link", onclick: go }, r.id) : null,
      ` order ${r.order} · since ${moment(r.from)}, ${r.length}${r.zone ? ` in business days of ${r.zone}` : ""}`,
      r.sources?.length ? ` · ${r.sources.slice(0, 4).join(" ")}` : null));
}
