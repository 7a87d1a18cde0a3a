// The flow's own diagram, with the present state and the way walked lit. The drawing is fetched once for each flow; a
// case that moves only changes classes: lit where it stands, walked where it was, next what it may come to.

import { drawing } from "./api.js";
import { byId, el } from "./dom.js";
import { state as said, t } from "./words.js";

// widest is how many times its own size a drawing may grow, where there is room.
const widest = 1.4;

let flow = ""; // the flow that is fetched or shown
let svg = null; // its drawing, once it is there
let present = { state: "", steps: [] };
let centered = "";

// drawFlow shows where a case of a flow stands; steps are the moves it made: from, event, to.
export async function drawFlow(name, state, steps) {
  if (!name) return;
  present = { state, steps };
  try {
    if (name !== flow) {
      flow = name;
      svg = null;
      const found = await drawing(`/api/flows/${encodeURIComponent(name)}.svg`);
      if (name !== flow) return;
      svg = hang(found);
    }
    if (svg) show();
  } catch (e) {
    if (name !== flow) return;
    flow = "";
    byId("flow-body").replaceChildren(el("p", { class: "none" }, e.message));
  }
}

// hang puts a drawing into its frame: never smaller than it was drawn, so that its labels stay legible.
function hang(drawn) {
  const { width, height } = drawn.viewBox.baseVal;
  drawn.removeAttribute("width");
  drawn.removeAttribute("height");
  drawn.style.minWidth = `${Math.ceil(width)}px`;
  drawn.style.minHeight = `${Math.ceil(height)}px`;
  drawn.style.maxWidth = `${width * widest}px`;
  drawn.setAttribute("role", "img");
  drawn.classList.add("diagram");
  byId("flow-body").replaceChildren(drawn);
  centered = "";
  return drawn;
}

function show() {
  const { state, steps } = present;
  light(state, steps);
  svg.setAttribute("aria-label", state ? t("A drawing of all steps. Now: {state}", { state: said(state) }) : t("A drawing of all steps"));
  byId("flow-note").textContent = state ? said(state) : "";
  if (centered === state) return;
  centered = state;
  center();
}

function light(state, steps) {
  for (const e of svg.querySelectorAll(".lit, .walked, .next")) e.classList.remove("lit", "walked", "next");
  svg.classList.toggle("stands", state !== "");
  if (!state) return;
  for (const { from, event, to } of steps) {
    mark(`is-${to}`, "walked");
    if (from && from !== to) mark(`${from}--${event}--${to}`, "walked");
  }
  for (const arrow of mark(`from-${state}`, "next")) {
    for (const c of arrow.classList) if (c.startsWith(`${state}--`)) mark(`is-${c.split("--")[2]}`, "next");
  }
  mark(`is-${state}`, "lit");
}

// mark adds a class to all that have another one, and returns them.
function mark(name, how) {
  const found = [...svg.getElementsByClassName(name)];
  for (const e of found) e.classList.add(how);
  return found;
}

// center brings the present state into sight where the drawing is larger than its frame.
export function center() {
  const body = byId("flow-body");
  const lit = body.querySelector(".lit");
  if (!lit) return;
  const frame = body.getBoundingClientRect();
  const box = lit.getBoundingClientRect();
  body.scrollLeft += box.left + box.width / 2 - frame.left - frame.width / 2;
  body.scrollTop += box.top + box.height / 2 - frame.top - frame.height / 2;
}
