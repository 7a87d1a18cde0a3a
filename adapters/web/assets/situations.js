// Prepared situations: one press, and a visitor can go on in the middle of a story.

import { get, post } from "./api.js";
import { byId, el } from "./dom.js";
import { closes } from "./board.js";

export function startSituations({ oops, who, begun }) {
  const dialog = byId("situations");
  const begin = (name) => async (e) => {
    const button = e.currentTarget;
    button.disabled = true;
    try {
      await post("/api/situations", { name, ...who() });
      dialog.close();
    } catch (err) {
      dialog.close();
      oops(err.message);
    }
    button.disabled = false;
    begun();
  };
  byId("situations-open").addEventListener("click", async () => {
    dialog.showModal();
    const found = await get("/api/situations").catch(() => null);
    if (!found) return;
    byId("situations-list").replaceChildren(...found.situations.map((s) => el("li", {},
      el("button", { type: "button", data: { situation: s.name }, onclick: begin(s.name) }, el("b", {}, s.title), el("span", {}, s.about)))));
    dialog.querySelector("li button")?.focus();
  });
  closes(dialog);
}
