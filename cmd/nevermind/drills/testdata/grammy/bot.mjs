// The dialogue of TestCompare as a grammY bot: the conversations plugin with its state in files, each chat's updates one
// after the other, the runner for polling and webhookCallback for a webhook, as grammY's documentation recommends for load.
import { createServer } from "node:http";
import { conversations, createConversation } from "@grammyjs/conversations";
import { run, sequentialize } from "@grammyjs/runner";
import { FileAdapter } from "@grammyjs/storage-file";
import { Bot, InlineKeyboard, webhookCallback } from "grammy";

const { TOKEN, API, SESSIONS, MODE, PORT } = process.env;

const orders = ["Bamboo lamp", "Desk fan", "Linen curtain"].map((item, i) => ({ item, number: `${8000000000 + i}`, total: "24.90 USD" }));
const reasons = ["I don't need it any more", "Processing takes too long", "The seller raised the price", "The delivery method doesn't suit me",
	"The seller doesn't answer me", "It is out of stock", "Something else"];

const column = (labels, data) => InlineKeyboard.from(labels.map((label, i) => [InlineKeyboard.text(label, `${data}:${i}`)]));
const listed = column([...orders.map((o) => `${o.item} · ${o.total} · being prepared`), "Back"], "order");
const stage = column(["Cancel this order", "Write to the seller", "Back"], "stage");
const why = column([...reasons, "Back"], "reason");
const note = column(["No note", "Back"], "note");
const check = column(["Yes, ask the seller", "Keep the order", "Add a note or photos", "Another reason", "More"], "check");

// chosen waits for a press, puts the next words in place of the last ones and answers the press; it returns which it was,
// and below which message.
async function chosen(conversation, data, words, reply_markup) {
	const ctx = await conversation.waitForCallbackQuery(new RegExp(`^${data}:(\\d+)$`));
	const n = Number(ctx.match[1]);
	await Promise.all([ctx.editMessageText(words(n), { reply_markup }), ctx.answerCallbackQuery()]);
	return [n, ctx.msgId];
}

// request is what somebody is about to ask for.
const request = (order, reason, written) => `Order ${order.number} · ${order.item}\nPlease check before I ask Lumen House:\n\n` +
	`• To cancel: the whole order (${order.item})\n• Reason: ${reason}. It doesn't count against Lumen House, and there is no penalty for you.\n` +
	(written ? `• Your note: “${written}”\n` : "") + `• Back to you: ${order.total}\n– ${order.item}: 22.40 USD (certain).\n` +
	"– Delivery: 2.50 USD (certain).\n• Cost: nothing, as long as it hasn't shipped (certain).\n\n" +
	"Lumen House has 24 hours to answer. If they don't, your request is approved automatically.\n\n" +
	"If it is approved, your money goes back to your card. It should be there by Friday 1 January at the latest.\n\n" +
	"Lumen House may first ask you for something, such as a form or a photo. Please answer quickly: a request that lacks something may not be considered.";

async function cancelling(conversation, ctx) {
	await ctx.reply("Which order? You can also send me its number or a link to it.", { reply_markup: listed });
	const [picked] = await chosen(conversation, "order", (n) =>
		`Order ${orders[n].number} · ${orders[n].item}\nLumen House is preparing this order: ${orders[n].item}, ${orders[n].total}. You can ask to cancel it now.`, stage);
	const order = orders[picked];
	const title = `Order ${order.number} · ${order.item}\n`;
	await chosen(conversation, "stage", () =>
		`${title}Why would you like to cancel? Please give the true reason, whichever it is. I will show you what it means before anything is sent.`, why);
	const [because] = await chosen(conversation, "reason", (n) => request(order, reasons[n]), check);
	const [, question] = await chosen(conversation, "check", () =>
		`${title}What should Lumen House know? Write it in one message, or send photos. They read it as you write it.`, note);
	const written = await conversation.waitFor("message:text");
	await written.reply(request(order, reasons[because], written.msg.text), { reply_markup: check });
	await written.api.editMessageReplyMarkup(written.chatId, question);
	await chosen(conversation, "check", () => `${title}All right. Nothing was sent, and your order goes on as it is.`);
}

const bot = new Bot(TOKEN, { client: { apiRoot: API } });
bot.use(sequentialize((ctx) => ctx.chatId?.toString()));
bot.use(conversations({ storage: new FileAdapter({ dirName: SESSIONS }) }));
bot.use(createConversation(cancelling));
bot.hears("my orders", (ctx) => ctx.conversation.enter("cancelling"));
bot.catch((err) => console.error(err.error));

const allowed_updates = ["message", "callback_query"];
await bot.init();
if (MODE === "webhook") {
	const server = createServer(webhookCallback(bot, "http", { secretToken: "a-secret" }));
	server.listen(Number(PORT), "127.0.0.1", async () => {
		await bot.api.setWebhook(`http://127.0.0.1:${PORT}/`, { secret_token: "a-secret", allowed_updates, max_connections: 100 });
		console.log("up");
	});
	process.once("SIGINT", () => bot.api.deleteWebhook().then(() => process.exit()));
} else {
	await bot.api.deleteWebhook();
	const runner = run(bot, { runner: { fetch: { allowed_updates } } });
	process.once("SIGINT", () => runner.stop().then(() => process.exit()));
	console.log("up");
}
