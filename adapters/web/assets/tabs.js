// On a narrow screen the parts of the page become tabs.

import { byId, el } from "./dom.js";
import { t, text } from "./words.js";

const parts = { buyer: text("Buyer"), seller: text("Seller"), support: text("Support"), case: text("Case"), shop: text("Shop") };

// startTabs makes the tabs; what is shown has to find its place again, for it had no size while it was hidden.
export function startTabs(shown) {
  const nav = document.querySelector(".tabs");
  const show = (part) => {
    document.body.dataset.tab = part;
    for (const b of nav.children) b.setAttribute("aria-current", String(b.id === `tab-${part}`));
    byId(`tab-${part}`).classList.remove("news");
    shown(part);
  };
  for (const [part, name] of Object.entries(parts)) {
    nav.append(el("button", { type: "button", id: `tab-${part}`, onclick: () => show(part) }, t(name)));
  }
  show("buyer");
}
