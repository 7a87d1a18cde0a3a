// ask speaks GraphQL with the test server as somebody; it returns data, or throws what is wrong.
const fs = require('node:fs');
const path = require('node:path');

const url = process.env.VENDURE_URL || 'http://127.0.0.1:3417';
const seeded = JSON.parse(fs.readFileSync(path.join(process.env.VENDURE_DATA || path.join(__dirname, 'data'), 'seeded.json')));

async function ask(api, session, query, variables = {}) {
    const answer = await fetch(`${url}/${api}`, {
        method: 'POST', body: JSON.stringify({ query, variables }),
        headers: {
            'Content-Type': 'application/json', ...(api === 'admin-api' && { 'vendure-api-key': seeded.key }),
            ...(session.token && { Authorization: `Bearer ${session.token}` }),
        },
    });
    session.token = answer.headers.get('vendure-auth-token') || session.token;
    const body = await answer.json();
    const wrong = body.errors?.[0] || Object.values(body.data).find(v => v?.errorCode);
    if (wrong) throw new Error(wrong.message);
    return body.data;
}

module.exports = { ask, seeded };
