// The flow's own diagram, with the present state lit.

import { drawing } from "./api.js";
import { byId, el } from "./dom.js";
import { plain } from "./words.js";

let shown = "";

export async function drawFlow(flow, state) {
  if (!flow) return;
  const path = `/api/flows/${encodeURIComponent(flow)}.svg` + (state ? `?state=${encodeURIComponent(state)}` : "");
  if (path === shown) return;
  shown = path;
  try {
    const svg = await drawing(path);
    if (path !== shown) return;
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", state ? `The flow “${plain(flow)}”; it stands at “${plain(state)}”` : `The flow “${plain(flow)}”`);
    svg.classList.add("diagram");
    const body = byId("flow-body");
    body.replaceChildren(svg);
    byId("flow-note").textContent = state ? plain(state) : "";
    center();
  } catch (e) {
    shown = "";
    byId("flow-body").replaceChildren(el("p", { class: "none" }, e.message));
  }
}

// center brings the lit state into sight where the drawing is wider than its frame.
export function center() {
  const body = byId("flow-body");
  const lit = body.querySelector(".lit.state, .lit.end");
  if (!lit) return;
  const frame = body.getBoundingClientRect();
  const box = lit.getBoundingClientRect();
  body.scrollLeft += box.left + box.width / 2 - frame.left - frame.width / 2;
  body.scrollTop += box.top + box.height / 2 - frame.top - frame.height / 2;
}
