// The frame of one chat: who sits there, the log, the menu, the box to write in.

import { byId, el } from "./dom.js";
import { tray } from "./attach.js";
import { initials } from "./bubble.js";
import { city, hourIn, t, text as words, zone } from "./words.js";

const titles = { buyer: words("Buyer"), seller: words("Seller"), support: words("Support") };
const boxes = { buyer: words("Message as the buyer"), seller: words("Message as the seller"), support: words("Message as support") };
const chairs = { buyer: words("Who the buyer is"), seller: words("Who the seller is"), support: words("Who speaks for support") };
const logs = { buyer: words("The buyer’s conversation"), seller: words("The seller’s conversation"), support: words("Support’s conversation") };

export function pane(chat) {
  const { party } = chat;
  const face = el("span", { class: "face", "aria-hidden": "true" });
  const pick = el("select", { id: `${party}-who`, "aria-label": t(chairs[party]) });
  const clock = el("span", { class: "zone" });
  const log = el("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": t(logs[party]), tabindex: "0" });
  const menu = el("div", { class: "menu", role: "group", "aria-label": t("Menu") });
  const slack = party === "support" && el("button", {
    type: "button", class: "as-slack", id: "as-slack", hidden: true, "aria-pressed": "false",
    onclick: () => {
      const on = slack.getAttribute("aria-pressed") !== "true";
      slack.setAttribute("aria-pressed", String(on));
      chat.asSlack(on);
    },
  }, t("as in Slack"));
  const text = el("textarea", { id: `${party}-text`, rows: "1", placeholder: t("Message"), "aria-label": t(boxes[party]), "aria-description": t("Arrow up leads to the newest buttons"), autocomplete: "off", maxlength: "20000" });
  const files = tray(party, chat.oops);
  const answering = el("p", { class: "replying", hidden: true });
  const form = el("form", { class: "composer" }, answering, files.list, files.input, files.button, text, el("button", { type: "submit", class: "send", id: `${party}-send`, "aria-label": t("Send") }, arrow()));
  const section = el("section", { class: `pane ${party}`, id: party, "aria-labelledby": `${party}-h`, "data-testid": party },
    el("header", {}, face, el("div", { class: "sitter" }, el("h2", { id: `${party}-h` }, t(titles[party])), pick), clock, slack),
    log, menu, form);
  byId("chats").append(section);

  // What was in sight stays there when the room for it changes: a window, a phone's keyboard.
  new ResizeObserver(() => chat.stay()).observe(log);
  log.addEventListener("scroll", () => chat.scrolled());

  form.addEventListener("submit", async (e) => {
    e.preventDefault();
    const words = text.value;
    if (!words.trim() && !files.any || !files.ready || !chat.who) return;
    text.value = "";
    const along = files.take();
    if (await chat.say(words, along)) return;
    files.giveBack(along);
    if (!text.value) text.value = words;
  });
  text.addEventListener("paste", (e) => {
    if (!e.clipboardData.files.length) return;
    e.preventDefault();
    files.add(e.clipboardData.files);
  });
  section.addEventListener("dragover", (e) => { if (e.dataTransfer.types.includes("Files")) e.preventDefault(); });
  section.addEventListener("drop", (e) => {
    if (!e.dataTransfer.files.length) return;
    e.preventDefault();
    files.add(e.dataTransfer.files);
  });
  // Enter sends and Shift with Enter starts a new line; a keyboard that is a picture tells only of the line break.
  let shift = false;
  text.addEventListener("keydown", (e) => {
    shift = e.shiftKey;
    if (e.key === "Escape") chat.reply(null);
    if (e.key === "ArrowUp" && !text.value) {
      e.preventDefault();
      [...log.querySelectorAll(".choices")].at(-1)?.querySelector("button").focus();
    }
  });
  text.addEventListener("beforeinput", (e) => {
    if (!["insertLineBreak", "insertParagraph"].includes(e.inputType) || shift) return;
    e.preventDefault();
    form.requestSubmit();
  });

  return {
    log, pick,
    sit(person) {
      face.textContent = initials(person?.name);
      if (person) pick.value = person.id;
      this.tick();
    },
    // tick names the clock of whoever sits there, where it is not the reader's own.
    tick(at = chat.now()) {
      const other = chat.who?.zone && hourIn(at, chat.who.zone) !== hourIn(at, zone);
      clock.textContent = other ? t("{city} {time}", { city: city(chat.who.zone), time: hourIn(at, chat.who.zone) }) : "";
    },
    offerSlack(can) { if (slack) slack.hidden = !can; },
    setMenu(list) {
      menu.replaceChildren(...list.map((m) => el("button", { type: "button", onclick: () => chat.say(m.text) }, m.label)));
    },
    showReply(bubble) {
      answering.hidden = !bubble;
      answering.replaceChildren();
      if (!bubble) return;
      answering.append(el("span", { dir: "auto" }, bubble.quote || bubble.text),
        el("button", { type: "button", class: "quiet", "aria-label": t("Do not reply to this"), onclick: () => chat.reply(null) }, "×"));
      text.focus();
    },
    news() { byId(`tab-${party}`)?.classList.toggle("news", document.body.dataset.tab !== party); },
  };
}

function arrow() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M10 16V4.5M5 9.2l5-5 5 5");
  svg.append(path);
  return svg;
}
