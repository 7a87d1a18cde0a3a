// What Vendure's own books say of an order: node show.js CODE.
const { ask } = require('./ask');

async function main() {
    const { orders } = await ask('admin-api', {}, `query($c: String!) { orders(options: { filter: { code: { eq: $c } } }) { items {
        state lines { quantity orderPlacedQuantity productVariant { name } } payments { refunds { total state reason } } } } }`, { c: process.argv[2] });
    const o = orders.items[0];
    console.log(o.state);
    for (const l of o.lines) console.log(`${l.productVariant.name}: ${l.orderPlacedQuantity - l.quantity} of ${l.orderPlacedQuantity} cancelled`);
    for (const r of o.payments.flatMap(p => p.refunds)) console.log(`refund of ${(r.total / 100).toFixed(2)}: ${r.state}, ${r.reason}`);
}

main().catch(err => { console.error(err.message); process.exit(1); });
