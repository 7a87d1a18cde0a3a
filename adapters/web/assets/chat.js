// One chat: its log, its menu, its composer. It shows what the store says was said, and nothing of its own.

import { again, freshId, get, send } from "./api.js";
import { keep } from "./dom.js";
import { bubbles } from "./bubble.js";
import { pane } from "./pane.js";
import { threads } from "./slack.js";

// patience is how long the dots are shown for an answer that does not come.
const patience = 4000;

export class Chat {
  constructor(party, { oops, sent, people, now }) {
    Object.assign(this, { party, oops, sent, people, now, follows: true, who: null, menu: [], replying: null, waiting: 0, last: [] });
    this.view = pane(this);
    this.refresh = again(() => this.fetch());
  }

  // show puts somebody in the chair.
  show(person) {
    if (this.who?.account === person?.account) return;
    const moved = this.who?.room !== person?.room;
    this.who = person;
    this.view.sit(person);
    this.menu = person?.menu ?? [];
    this.view.setMenu(this.menu);
    if (!moved) return;
    this.reply(null);
    this.waiting = 0;
    this.view.log.replaceChildren();
    this.last = [];
    return this.refresh();
  }

  // asSlack turns the log into the channel that the same replies make on Slack, and back.
  asSlack(on) {
    this.slack = on;
    this.view.log.classList.toggle("slack", on);
    this.view.log.replaceChildren();
    return this.refresh();
  }

  async fetch() {
    const room = this.who?.room;
    if (!room) return;
    const found = await get(`/api/rooms/${encodeURIComponent(room)}${this.slack ? "?as=blocks" : ""}`).catch(() => null);
    if (!found || room !== this.who?.room) return;
    const print = JSON.stringify(found.bubbles.filter((b) => !b.account));
    if (this.print !== undefined && print !== this.print) this.waiting = 0;
    this.print = print;
    this.last = found.bubbles;
    this.draw();
  }

  draw() {
    const { log } = this.view;
    const first = !log.firstElementChild;
    const changed = keep(log, this.slack ? threads(this, this.last) : bubbles(this, this.last));
    const fresh = changed.filter((c) => c.fresh).map((c) => c.element);
    if (first || fresh.some((e) => e.matches(".mine, .typing"))) this.follows = true;
    if (fresh.length) this.newest = first ? log.lastElementChild : fresh[0];
    this.stay();
    if (first) return;
    for (const { element, fresh } of changed) element.classList.add(fresh ? "came" : "turned");
    if (changed.length) this.view.news();
  }

  // stay keeps the newest message in sight, from its top, unless the reader has gone elsewhere.
  stay() {
    const { log } = this.view;
    if (!this.follows || !log.clientHeight) return;
    const top = this.newest?.isConnected ? this.newest.offsetTop - log.offsetTop - 10 : log.scrollHeight;
    log.scrollTop = this.placed = Math.min(top, log.scrollHeight - log.clientHeight);
  }

  // scrolled notes whether the reader has gone elsewhere, or come back to the end.
  scrolled() {
    const { log } = this.view;
    this.follows = Math.abs(log.scrollTop - (this.placed ?? 0)) < 40 || log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  }

  say(text, files = []) {
    return this.post({ text, files: files.map((f) => f.hash), reply_to: this.replying?.ref ?? "" }).then((ok) => {
      if (ok) this.reply(null);
      return ok;
    });
  }

  press(token) { return this.post({ press: token }); }

  // reply sets the message that the next words answer.
  reply(bubble) {
    this.replying = bubble;
    this.view.showReply(bubble);
  }

  async post(what) {
    const { room, account } = this.who;
    const message = { id: freshId(), room, account, ...what };
    this.wait();
    try {
      await send("/api/messages", message);
      this.sent();
      return true;
    } catch (e) {
      this.waiting = 0;
      this.oops(e.message);
      return false;
    } finally {
      await this.refresh();
    }
  }

  wait() {
    const mine = (this.waiting = Date.now());
    this.draw();
    setTimeout(() => {
      if (this.waiting !== mine) return;
      this.waiting = 0;
      this.draw();
    }, patience);
  }
}
