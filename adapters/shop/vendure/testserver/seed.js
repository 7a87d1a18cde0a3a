// What the marketplace begins with, by Vendure's own Admin API. Done once; later starts read the key from a file.
const fs = require('node:fs');
const path = require('node:path');

const goods = [['lamp', 2000, 'alpha'], ['bulb', 300, 'alpha'], ['shade', 1000, 'beta']];

async function seed(url, folder) {
    const kept = path.join(folder, 'seeded.json');
    if (fs.existsSync(kept)) return JSON.parse(fs.readFileSync(kept)).key;
    let token = '';
    const admin = async (query, variables = {}, channel) => {
        const answer = await fetch(`${url}/admin-api`, {
            method: 'POST', body: JSON.stringify({ query, variables }),
            headers: {
                'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }),
                ...(channel && { 'vendure-token': channel }),
            },
        });
        token ||= answer.headers.get('vendure-auth-token') || '';
        const body = await answer.json();
        const failed = body.errors?.[0] || Object.values(body.data).find(v => v?.errorCode);
        if (failed) throw new Error(`${query.slice(0, 80)}: ${failed.message}`);
        return body.data;
    };
    const en = fields => [{ languageCode: 'en', ...fields }];
    await admin(`mutation { login(username: "superadmin", password: "superadmin") { __typename ...on ErrorResult { errorCode message } } }`);
    const gb = (await admin(`mutation($i: CreateCountryInput!) { createCountry(input: $i) { id } }`,
        { i: { code: 'GB', enabled: true, translations: en({ name: 'United Kingdom' }) } })).createCountry.id;
    const zone = (await admin(`mutation($m: [ID!]) { createZone(input: { name: "All", memberIds: $m }) { id } }`, { m: [gb] })).createZone.id;
    const tax = (await admin(`mutation { createTaxCategory(input: { name: "None", isDefault: true }) { id } }`)).createTaxCategory.id;
    await admin(`mutation($z: ID!, $c: ID!) { createTaxRate(input: { name: "None", enabled: true, value: 0, categoryId: $c, zoneId: $z }) { id } }`, { z: zone, c: tax });
    const home = (await admin(`{ activeChannel { id } }`)).activeChannel.id;
    await admin(`mutation($i: UpdateChannelInput!) { updateChannel(input: $i) { __typename ...on ErrorResult { errorCode message } } }`,
        { i: { id: home, defaultTaxZoneId: zone, defaultShippingZoneId: zone, defaultCurrencyCode: 'USD', availableCurrencyCodes: ['USD'], pricesIncludeTax: true } });

    const channels = {}, methods = [];
    for (const [code, name] of [['alpha', 'Lumen House'], ['beta', 'Shade & Co']]) {
        const seller = (await admin(`mutation($n: String!) { createSeller(input: { name: $n }) { id } }`, { n: name })).createSeller.id;
        channels[code] = (await admin(`mutation($i: CreateChannelInput!) { createChannel(input: $i) { ...on Channel { id } ...on ErrorResult { errorCode message } } }`,
            { i: { code, token: `${code}-token`, sellerId: seller, defaultLanguageCode: 'en', availableLanguageCodes: ['en'], pricesIncludeTax: true,
                defaultCurrencyCode: 'USD', availableCurrencyCodes: ['USD'], defaultTaxZoneId: zone, defaultShippingZoneId: zone } })).createChannel.id;
        const method = (await admin(`mutation($i: CreateShippingMethodInput!) { createShippingMethod(input: $i) { id } }`, { i: {
            code: `post-${code}`, fulfillmentHandler: 'manual-fulfillment', translations: en({ name: `Post by ${name}`, description: '' }),
            checker: { code: 'default-shipping-eligibility-checker', arguments: [{ name: 'orderMinimum', value: '0' }] },
            calculator: { code: 'default-shipping-calculator', arguments: [{ name: 'rate', value: '500' }, { name: 'includesTax', value: 'include' }, { name: 'taxRate', value: '0' }] },
        } })).createShippingMethod.id;
        await admin(`mutation($i: AssignShippingMethodsToChannelInput!) { assignShippingMethodsToChannel(input: $i) { id } }`,
            { i: { shippingMethodIds: [method], channelId: channels[code] } });
        methods.push(method);
    }
    for (const code of ['card', 'gift_card']) {
        const id = (await admin(`mutation($i: CreatePaymentMethodInput!) { createPaymentMethod(input: $i) { id } }`,
            { i: { code, enabled: true, handler: { code: 'pay', arguments: [] }, translations: en({ name: code, description: '' }) } })).createPaymentMethod.id;
        for (const channel of Object.values(channels))
            await admin(`mutation($i: AssignPaymentMethodsToChannelInput!) { assignPaymentMethodsToChannel(input: $i) { id } }`,
                { i: { paymentMethodIds: [id], channelId: channel } });
    }
    const variants = {};
    for (const [name, price, seller] of goods) {
        const product = (await admin(`mutation($i: CreateProductInput!) { createProduct(input: $i) { id } }`,
            { i: { translations: en({ name, slug: name, description: '' }) } })).createProduct.id;
        variants[name] = (await admin(`mutation($i: [CreateProductVariantInput!]!) { createProductVariants(input: $i) { id } }`,
            { i: [{ productId: product, sku: name, price, stockOnHand: 100000, trackInventory: 'FALSE', taxCategoryId: tax, translations: en({ name }) }] })).createProductVariants[0].id;
        await admin(`mutation($i: AssignProductsToChannelInput!) { assignProductsToChannel(input: $i) { id } }`,
            { i: { productIds: [product], channelId: channels[seller], priceFactor: 1 } });
    }
    await admin(`mutation { createCustomer(input: { firstName: "Ana", lastName: "Ruiz", emailAddress: "ana@example.com" }, password: "ana-of-the-tests") { __typename ...on ErrorResult { errorCode message } } }`);
    const role = (await admin(`{ roles { items { id code } } }`)).roles.items.find(r => r.code === '__super_admin_role__').id;
    const key = (await admin(`mutation($i: CreateApiKeyInput!) { createApiKey(input: $i) { apiKey } }`,
        { i: { roleIds: [role], translations: en({ name: 'Nevermind' }) } })).createApiKey.apiKey;
    fs.writeFileSync(kept, JSON.stringify({ key, variants, methods, channels }), { mode: 0o600 });
    return key;
}

module.exports = { seed };
