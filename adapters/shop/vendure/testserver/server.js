// A small marketplace on Vendure with SQLite: two sellers (alpha, beta), each with a channel, and a buyer. For tests and for
// trying Nevermind out; it is no shop to run. Prints one line of JSON, {"url":…,"key":…}, when it is ready.
const fs = require('node:fs');
const path = require('node:path');
const {
    bootstrap, DefaultLogger, LogLevel, LanguageCode, ChannelService, EntityHydrator, OrderService, PaymentMethodHandler,
    ShippingMethod, TransactionalConnection, idsAreEqual, manualFulfillmentHandler,
} = require('@vendure/core');
const { NevermindPlugin } = require('./nevermind-plugin');
const { seed } = require('./seed');

const url = process.env.VENDURE_URL || 'http://127.0.0.1:3417';
const folder = process.env.VENDURE_DATA || path.join(__dirname, 'data');

// pay settles at once, as a card would. A refund is begun, and ends when somebody settles it in Vendure; one of 6.66 fails.
const pay = new PaymentMethodHandler({
    code: 'pay', description: [{ languageCode: LanguageCode.en, value: 'Pays at once' }], args: {},
    createPayment: (ctx, order, amount) => ({ amount, state: 'Settled', transactionId: `pay-${order.code}` }),
    settlePayment: () => ({ success: true }),
    // Nothing leaves it pending: Vendure 3.7 takes the state 'Pending' for a forbidden transition.
    createRefund: (ctx, input, amount, order, payment, args, method) =>
        amount === 666 ? { state: 'Failed' } : method.code === 'gift_card' ? { state: 'Settled' } : undefined,
});

// Sellers splits a checkout: one order each of the sellers whose goods are in it, each paid by itself.
class Sellers {
    init(injector) {
        this.channels = injector.get(ChannelService);
        this.hydrator = injector.get(EntityHydrator);
        this.orders = injector.get(OrderService);
    }
    async setOrderLineSellerChannel(ctx, line) {
        await this.hydrator.hydrate(ctx, line.productVariant, { relations: ['channels'] });
        const home = await this.channels.getDefaultChannel(ctx);
        return line.productVariant.channels.find(c => !idsAreEqual(c.id, home.id));
    }
    async splitOrder(ctx, order) {
        const parts = new Map();
        for (const line of order.lines) {
            const id = line.sellerChannelId;
            if (!parts.has(id)) parts.set(id, { channelId: id, state: 'ArrangingPayment', lines: [], shippingLines: [] });
            parts.get(id).lines.push(line);
        }
        for (const part of parts.values()) {
            const used = new Set(part.lines.map(l => String(l.shippingLineId)));
            part.shippingLines = order.shippingLines.filter(s => used.has(String(s.id)));
        }
        return [...parts.values()];
    }
    async afterSellerOrdersCreated(ctx, aggregate, orders) {
        for (const order of orders) {
            const result = await this.orders.addPaymentToOrder(ctx, order.id, { method: 'card', metadata: {} });
            if (result.errorCode) throw new Error(result.message);
        }
    }
}

// Shipping gives each seller's lines the shipping method of that seller's channel.
class Shipping {
    init(injector) { this.connection = injector.get(TransactionalConnection); }
    async assignShippingLineToOrderLines(ctx, shippingLine, order) {
        const method = await this.connection.getRepository(ctx, ShippingMethod)
            .findOne({ where: { id: shippingLine.shippingMethodId }, relations: ['channels'] });
        return order.lines.filter(line => method.channels.some(c => idsAreEqual(c.id, line.sellerChannelId)));
    }
}

const config = {
    apiOptions: { port: Number(new URL(url).port), hostname: '127.0.0.1', adminApiPath: 'admin-api', shopApiPath: 'shop-api' },
    authOptions: {
        tokenMethod: ['bearer', 'cookie', 'api-key'], requireVerification: false,
        superadminCredentials: { identifier: 'superadmin', password: 'superadmin' },
        cookieOptions: { secret: 'only-for-tests' },
    },
    dbConnectionOptions: { type: 'better-sqlite3', database: path.join(folder, 'vendure.sqlite'), synchronize: true, logging: false },
    paymentOptions: { paymentMethodHandlers: [pay] },
    orderOptions: { orderSellerStrategy: new Sellers() },
    shippingOptions: { shippingLineAssignmentStrategy: new Shipping(), fulfillmentHandlers: [manualFulfillmentHandler] },
    importExportOptions: { importAssetsDir: folder },
    logger: new DefaultLogger({ level: process.env.VENDURE_LOG ? LogLevel.Info : LogLevel.Error }),
    plugins: [NevermindPlugin.init({
        secret: process.env.NEVERMIND_SHOP_WEBHOOK_SECRET,
        api: process.env.NEVERMIND_API, key: process.env.NEVERMIND_API_KEY,
    })],
};

fs.mkdirSync(folder, { recursive: true });
bootstrap(config).then(async app => {
    const key = await seed(url, folder);
    console.log(JSON.stringify({ url, key }));
    // Whoever started this server for a test holds its standard input: when they are gone, so is it, and what it kept.
    if (process.env.VENDURE_PARENT) process.stdin.resume().on('end', () => {
        fs.rmSync(folder, { recursive: true, force: true });
        process.exit(0);
    });
}).catch(err => { console.error(err); process.exit(1); });
