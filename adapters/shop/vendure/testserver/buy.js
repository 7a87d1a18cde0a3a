// Ana buys: node buy.js lamp=3 shade=1. Prints a line for each seller: its channel and the order's code.
const { ask, seeded } = require('./ask');

const sellers = { lamp: 0, bulb: 0, shade: 1 };
const done = '{ __typename ...on ErrorResult { errorCode message } }';

async function main() {
    const ana = {}, used = new Set();
    await ask('shop-api', ana, `mutation { login(username: "ana@example.com", password: "ana-of-the-tests") ${done} }`);
    for (const [name, n] of process.argv.slice(2).map(a => a.split('='))) {
        used.add(seeded.methods[sellers[name]]);
        await ask('shop-api', ana, `mutation($v: ID!, $n: Int!) { addItemToOrder(productVariantId: $v, quantity: $n) ${done} }`,
            { v: seeded.variants[name], n: Number(n || 1) });
    }
    const { addPaymentToOrder: { code } } = await ask('shop-api', ana, `mutation($m: [ID!]!) {
        setOrderShippingAddress(input: { fullName: "Ana Ruiz", streetLine1: "1 High St", countryCode: "GB" }) ${done}
        setOrderShippingMethod(shippingMethodId: $m) ${done}
        transitionOrderToState(state: "ArrangingPayment") ${done}
        addPaymentToOrder(input: { method: "card", metadata: {} }) { ...on Order { code } ...on ErrorResult { errorCode message } }
    }`, { m: [...used] });
    const { orders } = await ask('admin-api', {},
        'query($c: String!) { orders(options: { filter: { code: { eq: $c } } }) { items { sellerOrders { code channels { code } } } } }', { c: code });
    for (const o of orders.items[0].sellerOrders) console.log(o.channels.find(c => c.code !== '__default_channel__').code, o.code);
}

main().catch(err => { console.error(err.message); process.exit(1); });
