// Nevermind's plugin for Vendure: one file, to copy beside your vendure-config. It does three things.
//
//   1. Whenever something happens to an order it marks the order as changed (so that a pull finds it) and tells Nevermind at
//      once, by a signed webhook that says only which order it is.
//   2. /nevermind/orders/CODE shows a buyer their order with "Cancel or report a problem". A storefront of your own needs only
//      the form:  <form method="post" action="/nevermind/orders/CODE/link"><button>Cancel or report a problem</button></form>
//   3. POST /nevermind/seller/link is the same for a seller, signed in to the admin in the seller's channel.
//
// NevermindPlugin.init({
//     api: 'http://127.0.0.1:8080',      // Nevermind, as this server reaches it
//     key: process.env.NEVERMIND_KEY,    // an API key with the scope "links"
//     secret: process.env.WHSEC,         // NEVERMIND_SHOP_WEBHOOK_SECRET, "whsec_…"
// })
const crypto = require('node:crypto');
const { Controller, Get, Inject, Param, Post, Req, Res } = require('@nestjs/common');
const {
    Allow, Channel, Ctx, EventBus, HistoryEntryEvent, Logger, Order, OrderStateTransitionEvent, Permission, PluginCommonModule, RefundEvent,
    RefundStateTransitionEvent, TransactionalConnection, VendurePlugin,
} = require('@vendure/core');

let options = {};

// tries are the seconds between attempts to tell of a change. What is not taken then is found by Nevermind's next pull.
const tries = [0, 1, 5, 30];

class NevermindPlugin {
    static init(given) {
        options = given;
        return NevermindPlugin;
    }
    constructor(events, connection) {
        this.events = events;
        this.connection = connection;
        this.waiting = new Map(); // orders that have just changed, so that one act tells once
    }
    onApplicationBootstrap() {
        for (const type of [OrderStateTransitionEvent, RefundEvent, RefundStateTransitionEvent, HistoryEntryEvent])
            this.events.ofType(type).subscribe(e => this.changed(e.order ? e.order.id : e.entity?.order?.id));
    }
    changed(id) {
        if (!id || this.waiting.has(id)) return;
        this.waiting.set(id, setTimeout(() => {
            this.waiting.delete(id);
            this.tell(id).catch(err => Logger.warn(`order ${id} could not be told of: ${err.message}`, 'Nevermind'));
        }, 50).unref());
    }
    async tell(id) {
        const orders = this.connection.rawConnection.getRepository(Order);
        const order = await orders.findOne({ where: { id }, select: ['id', 'code', 'active'] });
        if (!order || order.active) return;
        await orders.createQueryBuilder().update().set({ updatedAt: new Date() }).where('id = :id', { id }).execute();
        if (!options.api || !options.secret) return;
        const body = JSON.stringify({ type: 'order.changed', timestamp: new Date().toISOString(), data: { order_id: order.code } });
        const message = `msg_${crypto.randomUUID()}`;
        for (const seconds of tries) {
            await new Promise(done => setTimeout(done, seconds * 1000).unref());
            if (await this.post(message, body)) return;
        }
        Logger.warn(`Nevermind has not taken the news of order ${order.code}; its next pull finds it`, 'Nevermind');
    }
    // post signs as Standard Webhooks say.
    async post(message, body) {
        const at = Math.floor(Date.now() / 1000);
        const key = Buffer.from(options.secret.replace(/^whsec_/, ''), 'base64');
        const signature = crypto.createHmac('sha256', key).update(`${message}.${at}.${body}`).digest('base64');
        try {
            const answer = await fetch(`${options.api}/shop/events`, {
                method: 'POST', body, signal: AbortSignal.timeout(10000),
                headers: {
                    'Content-Type': 'application/json', 'webhook-id': message, 'webhook-timestamp': String(at), 'webhook-signature': `v1,${signature}`,
                },
            });
            return answer.ok;
        } catch {
            return false;
        }
    }
}

// Pages are what buyers and sellers see of it.
class Pages {
    constructor(connection) { this.connection = connection; }
    // find reads an order of the person who asks; nothing where it is another's.
    async find(ctx, code) {
        if (!ctx.activeUserId) return undefined;
        const order = await this.connection.rawConnection.getRepository(Order)
            .findOne({ where: { code }, relations: ['customer', 'customer.user', 'lines', 'lines.productVariant.translations', 'sellerOrders'] });
        return order && String(order.customer?.user?.id) === String(ctx.activeUserId) ? order : undefined;
    }
    async page(ctx, code, res) {
        const order = await this.find(ctx, code);
        if (!order) return res.status(404).send(html('No such order', '<p>Sign in to the shop to see your orders.</p>'));
        const orders = order.type === 'Aggregate' ? await this.parts(ctx, order) : [order];
        res.send(html(`Order ${order.code}`, orders.map(o => `<section>
  <h2>${text(o.code)}</h2>
  <ul>${o.lines.filter(l => l.orderPlacedQuantity).map(l => `<li>${l.orderPlacedQuantity} × ${text(nameOf(l.productVariant))}${
        l.quantity < l.orderPlacedQuantity ? ` (${l.orderPlacedQuantity - l.quantity} cancelled)` : ''}</li>`).join('')}</ul>
  <form method="post" action="/nevermind/orders/${encodeURIComponent(o.code)}/link"><button>Cancel or report a problem</button></form>
</section>`).join('\n')));
    }
    // parts are the sellers' orders of a checkout: each is cancelled by itself.
    async parts(ctx, order) {
        return (await Promise.all(order.sellerOrders.map(o => this.find(ctx, o.code)))).filter(Boolean);
    }
    async link(ctx, code, req, res) {
        const order = await this.find(ctx, code);
        if (!order) return res.status(404).json({ title: 'No such order of yours.' });
        const c = order.customer;
        await this.invite(req, res, { role: 'buyer', id: String(c.id), name: `${c.firstName} ${c.lastName}`.trim() });
    }
    async sellerLink(ctx, req, res) {
        const channel = await this.connection.rawConnection.getRepository(Channel).findOne({ where: { id: ctx.channelId }, relations: ['seller'] });
        if (!channel || channel.code === '__default_channel__') return res.status(404).json({ title: 'Choose a seller\'s channel first.' });
        await this.invite(req, res, { role: 'seller', id: channel.code, name: channel.seller?.name || channel.code });
    }
    // invite asks Nevermind for a one-time link, and leads there; a script that asks for JSON gets it as it is.
    async invite(req, res, person) {
        let answer;
        try {
            answer = await fetch(`${options.api}/v1/links`, {
                method: 'POST', body: JSON.stringify(person), signal: AbortSignal.timeout(10000),
                headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${options.key}` },
            });
        } catch {
            answer = { ok: false };
        }
        if (!answer.ok) return res.status(503).send(html('Not now', '<p>That cannot be opened just now. Please try again in a minute.</p>'));
        const link = await answer.json();
        if (/json/.test(req.headers.accept || '')) return res.json(link);
        if (link.telegram_url) return res.redirect(303, link.telegram_url);
        res.send(html('One step more', `<p>In Slack, send this to Nevermind:</p><pre>${text(link.slack_command)}</pre>`));
    }
}

const nameOf = variant => variant.translations[0]?.name || variant.sku;
const text = s => String(s).replace(/[&<>"']/g, c => `&#${c.charCodeAt(0)};`);
const html = (title, body) => `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${text(title)}</title><style>body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:2rem auto;padding:0 1rem}
section{border:1px solid #ddd;border-radius:8px;padding:0 1rem 1rem;margin:1rem 0}button{font:inherit;padding:.5rem 1rem;border-radius:6px;
border:1px solid #0a5;background:#0a5;color:#fff;cursor:pointer}pre{background:#f4f4f4;padding:1rem}</style><h1>${text(title)}</h1>${body}</html>`;

// What TypeScript would write with decorators.
const on = (type, method, route, ...params) => {
    params.forEach((param, n) => param(type.prototype, method, n));
    for (const mark of [].concat(route)) mark(type.prototype, method, Object.getOwnPropertyDescriptor(type.prototype, method));
};
on(Pages, 'page', [Get('orders/:code'), Allow(Permission.Public)], Ctx(), Param('code'), Res());
on(Pages, 'link', [Post('orders/:code/link'), Allow(Permission.Public)], Ctx(), Param('code'), Req(), Res());
on(Pages, 'sellerLink', [Post('seller/link'), Allow(Permission.ReadOrder)], Ctx(), Req(), Res());
Inject(TransactionalConnection)(Pages, undefined, 0);
Controller('nevermind')(Pages);
Inject(EventBus)(NevermindPlugin, undefined, 0);
Inject(TransactionalConnection)(NevermindPlugin, undefined, 1);
VendurePlugin({ imports: [PluginCommonModule], controllers: [Pages], compatibility: '^3.6.0' })(NevermindPlugin);

module.exports = { NevermindPlugin };
