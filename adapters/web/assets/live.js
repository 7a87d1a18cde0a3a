// The stream of hints: what has changed and should be fetched again. It comes back by itself after the server does.

import { byId } from "./dom.js";

export function listen(on) {
  let wait = 500;
  const open = () => {
    const source = new EventSource("/api/events");
    source.addEventListener("hello", () => {
      wait = 500;
      byId("lost").hidden = true;
      on.hello();
    });
    for (const kind of ["room", "case", "clock", "shop"]) source.addEventListener(kind, (e) => on[kind](e.data));
    source.onerror = () => {
      source.close();
      byId("lost").hidden = false;
      setTimeout(open, wait);
      wait = Math.min(wait * 2, 5000);
    };
  };
  open();
}
