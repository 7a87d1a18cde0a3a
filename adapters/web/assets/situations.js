// Prepared situations: one press, and a visitor can go on in the middle of a story. Each has people of its own.

import { get, post } from "./api.js";
import { byId, el } from "./dom.js";
import { closes } from "./board.js";
import { t } from "./words.js";

export function startSituations({ oops, begun, fresh }) {
  const dialog = byId("situations");
  const doing = (work) => async (e) => {
    const button = e.currentTarget;
    button.disabled = true;
    try {
      await work();
    } catch (err) {
      oops(err.message);
    }
    button.disabled = false;
    dialog.close();
  };
  const story = (s) => el("li", {}, el("button", {
    type: "button", data: { situation: s.name }, onclick: doing(async () => begun(await post("/api/situations", { name: s.name }))),
  }, el("b", {}, t(s.title)), el("span", {}, t(s.about))));
  byId("situations-open").addEventListener("click", async () => {
    dialog.showModal();
    const found = await get("/api/situations").catch(() => null);
    if (!found) return;
    byId("situations-list").replaceChildren(...found.situations.map(story));
    dialog.querySelector("li button")?.focus();
  });
  byId("start-over").addEventListener("click", doing(async () => { await post("/api/start-over", {}); fresh(); }));
  closes(dialog);
}
