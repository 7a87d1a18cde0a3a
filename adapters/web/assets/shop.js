// The shop's side: the buyer's orders, and what the shop may do with them.

import { post } from "./api.js";
import { refund, titleOf } from "./case.js";
import { el } from "./dom.js";
import { stage, t, text } from "./words.js";

const names = {
  confirm: text("Confirm payment"), ship: text("Ship"), deliver: text("Deliver"), cancel: text("Cancel"), settle: text("Send the money"), fail: text("Let it fail"),
};

const methods = {
  card: text("Card"), bank: text("Bank transfer"), wallet: text("Wallet"), gift_card: text("Gift card"), other: text("Any other way"),
};

export function drawShop(body, orders, { current, oops, done }) {
  const act = (order, what, task = "") => async (e) => {
    e.currentTarget.disabled = true;
    await post("/api/shop", { order, act: what, task }).catch((err) => oops(err.message));
    done();
  };
  const print = JSON.stringify([orders, current]);
  if (body.dataset.print === print) return;
  body.dataset.print = print;
  if (!orders.length) {
    body.replaceChildren(el("p", { class: "none" }, t("This buyer has no orders.")));
    return;
  }
  const sorted = [...orders].sort((a, b) => (b.id === current) - (a.id === current));
  body.replaceChildren(el("ul", { class: "orders" }, sorted.map((o) => row(o, current, act))));
}

function row(o, current, act) {
  const button = (what, task, style) => el("button", {
    type: "button", class: style, data: { act: what }, "aria-label": t("{act}, order {order}", { act: t(names[what]), order: o.id }),
    onclick: act(o.id, what, task),
  }, t(names[what]));
  return el("li", { class: o.id === current ? "current" : null, data: { order: o.id } },
    el("p", { class: "name" }, el("bdi", {}, titleOf(o)), el("span", { class: `stage ${o.stage}` }, stage(o.stage))),
    el("p", { class: "by" }, el("bdi", {}, o.id), " · ", el("bdi", {}, o.total), " · ", el("bdi", {}, t(methods[o.method] ?? methods.other)), " · ", el("bdi", {}, o.seller.name)),
    o.refunds.map((r) => el("p", { class: `refund ${r.state}` }, refund(r),
      r.state === "pending" && button("settle", r.task, "refund-settle"),
      r.state === "pending" && button("fail", r.task, "refund-fail"))),
    o.acts.length > 0 && el("p", { class: "acts" }, o.acts.map((a) => button(a, "", null))));
}
