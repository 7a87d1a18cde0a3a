// The page: who is shown, which case, and what to fetch again when something has changed.

import { again, get } from "./api.js";
import { byId, el } from "./dom.js";
import { Chat } from "./chat.js";
import { drawCase, toNow } from "./case.js";
import { center, drawFlow } from "./diagram.js";
import { drawShop } from "./shop.js";
import { now, startClock } from "./clock.js";
import { listen } from "./live.js";
import { learnWords, state, t } from "./words.js";
import { startBoard } from "./board.js";
import { startLaboratory } from "./laboratory.js";
import { startReport } from "./report.js";
import { startRules } from "./rules.js";
import { startSituations } from "./situations.js";
import { startTabs } from "./tabs.js";
import { memory, oops, startHint, tellStory } from "./hint.js";

await learnWords();

let people = { buyers: [], sellers: [], agents: [], flow: "" };
let cases = [];
let chosen = null; // the key of the case shown
let shown = null; // the case itself

const nameOf = (account) => people.agents.find((p) => p.account === account)?.name ?? account.replace(/^web:\w+:/, "");
const changed = () => { refreshCases(); refreshShop(); refreshClock(); };

const chats = Object.fromEntries(["buyer", "seller", "support"].map((p) => [p, new Chat(p, { oops, sent: changed, people: nameOf, now })]));
startTabs((part) => { toNow(byId("case-body")); center(); chats[part]?.stay(); });
const refreshClock = startClock({ oops, moved: changed, key: () => chosen });

const refreshPeople = again(async () => {
  const found = await get("/api/people").catch(() => null);
  if (!found) return;
  people = found;
  for (const [party, list] of [["buyer", people.buyers], ["seller", people.sellers], ["support", people.agents]]) {
    const { pick } = chats[party].view;
    pick.replaceChildren(...list.map((p) => el("option", { value: p.id }, p.name)));
    const keptId = chats[party].who?.id ?? memory(party);
    sit(party, list.find((p) => p.id === keptId) ?? list[0]);
    if (chats[party].who) pick.value = chats[party].who.id;
  }
  chats.support.view.offerSlack(people.blocks);
  startHint(people.buyers[0]?.name);
});

function sit(party, person) {
  if (!person || chats[party].who?.id === person.id) return;
  memory(party, person.id);
  chats[party].show(person);
  if (party === "buyer") {
    chosen = null;
    refreshCases();
    refreshShop();
  }
}

for (const [party, list] of [["buyer", "buyers"], ["seller", "sellers"], ["support", "agents"]]) {
  chats[party].view.pick.addEventListener("change", (e) => sit(party, people[list].find((p) => p.id === e.target.value)));
}

// refreshCases lists the buyer's cases, turns to a new one when it appears, and shows the one chosen.
const refreshCases = again(async () => {
  const buyer = chats.buyer.who?.id;
  if (!buyer) return;
  const found = await get(`/api/cases?person=${encodeURIComponent(buyer)}`).catch(() => null);
  if (!found || buyer !== chats.buyer.who?.id) return;
  const known = new Set(cases.map((c) => c.key));
  const fresh = found.cases.find((c) => !known.has(c.key));
  const before = chosen;
  cases = found.cases;
  if (!cases.some((c) => c.key === chosen)) chosen = (cases.find((c) => !c.end) ?? cases[0])?.key ?? null;
  if (fresh && before) chosen = fresh.key;
  listCases();
  if (chosen !== before) {
    followSeller();
    refreshClock();
  }
  await refreshCase();
});

const refreshCase = again(async () => {
  const key = chosen;
  const found = key && await get(`/api/cases/${encodeURIComponent(key)}`).catch(() => null);
  if (key !== chosen || key && !found) return;
  shown = found || null;
  drawCase(byId("case-body"), shown, now());
  drawFlow(shown?.flow ?? people.flow, shown?.state ?? "", shown?.timeline ?? []);
});

const refreshShop = again(async () => {
  const buyer = chats.buyer.who;
  if (!buyer) return;
  const found = await get(`/api/orders?person=${encodeURIComponent(buyer.id)}`).catch(() => null);
  if (!found || buyer !== chats.buyer.who) return;
  byId("shop-note").textContent = t("Orders of {name}", buyer);
  const current = cases.find((c) => c.key === chosen)?.order;
  drawShop(byId("shop-body"), found.orders, { current, oops, done: () => { refreshShop(); changed(); } });
});

function listCases() {
  const pick = byId("case-pick");
  pick.replaceChildren(...cases.map((c) => el("option", { value: c.key }, `${c.id} · ${t("order {order}", c)}${cases.length > 1 ? ` · ${state(c.state)}` : ""}`)));
  pick.parentElement.hidden = cases.length === 0;
  if (chosen) pick.value = chosen;
}

byId("case-pick").addEventListener("change", (e) => {
  chosen = e.target.value;
  followSeller();
  refreshCase();
  refreshShop();
  refreshClock();
});

// followSeller shows the seller of the case beside its buyer.
function followSeller() {
  const id = cases.find((c) => c.key === chosen)?.parties.seller?.id;
  sit("seller", people.sellers.find((p) => p.id === id));
}

startBoard({ show: (key, buyer) => { sit("buyer", people.buyers.find((p) => p.id === buyer)); chosen = key; refreshCases(); } });
startLaboratory();
startReport({ oops });
startRules();
startSituations({
  oops,
  begun: async (story) => {
    await refreshPeople();
    tellStory(story);
    for (const [party, list] of [["buyer", "buyers"], ["seller", "sellers"]]) sit(party, people[list].find((p) => p.id === story[party]));
    changed();
  },
  fresh: async () => {
    for (const party of ["buyer", "seller"]) chats[party].who = null;
    memory("buyer", "");
    memory("seller", "");
    await refreshPeople();
    changed();
  },
});

const flowFold = byId("flow-open");
flowFold.addEventListener("click", () => {
  const open = document.body.classList.toggle("with-flow");
  flowFold.setAttribute("aria-expanded", String(open));
  if (open) byId("flow").scrollIntoView({ block: "nearest" });
  center();
});

const chatIn = (room) => Object.values(chats).filter((c) => c.who?.room === room);

listen({
  hello: () => { refreshPeople().then(changed); for (const c of Object.values(chats)) c.refresh(); },
  room: (room) => { for (const c of chatIn(room)) c.refresh(); changed(); },
  case: changed,
  clock: changed,
  shop: changed,
});
setInterval(() => {
  for (const c of Object.values(chats)) c.view.tick();
  if (shown && !document.hidden) drawCase(byId("case-body"), shown, now());
}, 30000);
setInterval(() => { if (!document.hidden) changed(); }, 15000);
