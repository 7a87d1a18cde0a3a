// Files on their way: a button, a paste or a drop brings them, and they wait above the message box until it is sent.

import { byId, el } from "./dom.js";
import { putFile } from "./api.js";
import { size, t } from "./words.js";

export const kinds = "image/*,video/*,audio/*,application/pdf,text/plain";

// tray holds the files that go with a chat's next words.
export function tray(party, oops) {
  let waiting = [];
  const list = el("ul", { class: "tray", hidden: true, "aria-label": t("Files to send") });
  const input = el("input", { type: "file", id: `${party}-files`, multiple: true, accept: kinds, class: "unseen", tabindex: "-1", "aria-label": t("Choose files"), onchange: () => { add(input.files); input.value = ""; } });
  const button = el("button", { type: "button", class: "quiet clip", "aria-label": t("Add photos or files"), title: t("Add photos or files"), onclick: () => input.click() }, clip());

  async function add(files) {
    for (const file of [...files]) {
      const item = { name: file.name, size: file.size };
      waiting.push(item);
      draw();
      try {
        Object.assign(item, await putFile(file));
      } catch (e) {
        waiting = waiting.filter((i) => i !== item);
        oops(`${file.name}: ${e.message}`);
      }
      draw();
    }
    byId(`${party}-text`).focus();
  }

  function draw() {
    list.hidden = !waiting.length;
    list.replaceChildren(...waiting.map((item) => el("li", { class: item.hash ? null : "busy" },
      el("bdi", {}, item.name), " ", el("small", {}, size(item.size)),
      el("button", { type: "button", class: "quiet", "aria-label": t("Leave out {name}", item), onclick: () => { waiting = waiting.filter((i) => i !== item); draw(); } }, "×"))));
  }

  return {
    list, input, button, add,
    get ready() { return waiting.every((i) => i.hash); },
    get any() { return waiting.length > 0; },
    take() {
      const taken = waiting;
      waiting = [];
      draw();
      return taken;
    },
    giveBack(items) {
      waiting = [...items, ...waiting];
      draw();
    },
  };
}

// attached shows the files of a message: photos as they are, all else by name.
export function attached(files) {
  if (!files?.length) return null;
  return el("ul", { class: "files" }, files.map((f) => {
    const href = `/api/files/${f.hash}?name=${encodeURIComponent(f.name)}`;
    const photo = /^image\/(jpeg|png|gif|webp)$/.test(f.type);
    return el("li", {}, el("a", { href, target: "_blank", rel: "noopener", title: `${f.name}, ${size(f.size)}` },
      photo ? el("img", { src: href, alt: f.name, loading: "lazy" }) : el("span", { class: "file" }, el("bdi", {}, f.name), " ", el("small", {}, size(f.size)))));
  }));
}

function clip() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M15.5 9.5l-5.8 5.8a3.4 3.4 0 0 1-4.8-4.8l6.3-6.3a2.3 2.3 0 0 1 3.2 3.2l-6.2 6.2a1.1 1.1 0 0 1-1.6-1.6l5.3-5.3");
  svg.append(path);
  return svg;
}
