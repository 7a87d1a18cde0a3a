// The dialogue of TestCompare as a Telegraf bot: a wizard scene, its session in Redis, as Telegraf's documentation shows it.
import { createServer } from "node:http";
import { createClient } from "redis";
import { Markup, Scenes, Telegraf, session } from "telegraf";

const { TOKEN, API, REDIS, MODE, PORT } = process.env;

const orders = ["Bamboo lamp", "Desk fan", "Linen curtain"].map((item, i) => ({ item, number: `${8000000000 + i}`, total: "24.90 USD" }));
const reasons = ["I don't need it any more", "Processing takes too long", "The seller raised the price", "The delivery method doesn't suit me",
	"The seller doesn't answer me", "It is out of stock", "Something else"];

const column = (labels, data) => Markup.inlineKeyboard(labels.map((label, i) => [Markup.button.callback(label, `${data}:${i}`)]));
const listed = column([...orders.map((o) => `${o.item} · ${o.total} · being prepared`), "Back"], "order");
const stage = column(["Cancel this order", "Write to the seller", "Back"], "stage");
const why = column([...reasons, "Back"], "reason");
const note = column(["No note", "Back"], "note");
const check = column(["Yes, ask the seller", "Keep the order", "Add a note or photos", "Another reason", "More"], "check");

// request is what somebody is about to ask for.
const request = (order, reason, written) => `Order ${order.number} · ${order.item}\nPlease check before I ask Lumen House:\n\n` +
	`• To cancel: the whole order (${order.item})\n• Reason: ${reason}. It doesn't count against Lumen House, and there is no penalty for you.\n` +
	(written ? `• Your note: “${written}”\n` : "") + `• Back to you: ${order.total}\n– ${order.item}: 22.40 USD (certain).\n` +
	"– Delivery: 2.50 USD (certain).\n• Cost: nothing, as long as it hasn't shipped (certain).\n\n" +
	"Lumen House has 24 hours to answer. If they don't, your request is approved automatically.\n\n" +
	"If it is approved, your money goes back to your card. It should be there by Friday 1 January at the latest.\n\n" +
	"Lumen House may first ask you for something, such as a form or a photo. Please answer quickly: a request that lacks something may not be considered.";

// chosen puts the next words in place of the last ones and answers the press; it returns which button it was. Anything else than
// a press of the question's own is passed over.
async function chosen(ctx, data, words, keyboard) {
	const [, n] = ctx.callbackQuery?.data?.match(new RegExp(`^${data}:(\\d+)$`)) ?? [];
	if (n === undefined) return -1;
	await Promise.all([ctx.editMessageText(words(Number(n)), keyboard), ctx.answerCbQuery()]);
	return Number(n);
}

const titleOf = (order) => `Order ${order.number} · ${order.item}\n`;

const cancelling = new Scenes.WizardScene("cancelling",
	async (ctx) => {
		await ctx.reply("Which order? You can also send me its number or a link to it.", listed);
		return ctx.wizard.next();
	},
	async (ctx) => {
		const n = await chosen(ctx, "order", (n) =>
			`${titleOf(orders[n])}Lumen House is preparing this order: ${orders[n].item}, ${orders[n].total}. You can ask to cancel it now.`, stage);
		if (n < 0) return;
		ctx.wizard.state.order = n;
		return ctx.wizard.next();
	},
	async (ctx) => {
		const n = await chosen(ctx, "stage", () => titleOf(orders[ctx.wizard.state.order]) +
			"Why would you like to cancel? Please give the true reason, whichever it is. I will show you what it means before anything is sent.", why);
		if (n >= 0) return ctx.wizard.next();
	},
	async (ctx) => {
		const n = await chosen(ctx, "reason", (n) => request(orders[ctx.wizard.state.order], reasons[n]), check);
		if (n < 0) return;
		ctx.wizard.state.reason = n;
		return ctx.wizard.next();
	},
	async (ctx) => {
		const n = await chosen(ctx, "check", () => titleOf(orders[ctx.wizard.state.order]) +
			"What should Lumen House know? Write it in one message, or send photos. They read it as you write it.", note);
		if (n < 0) return;
		ctx.wizard.state.question = ctx.callbackQuery.message.message_id;
		return ctx.wizard.next();
	},
	async (ctx) => {
		if (!ctx.message?.text) return;
		const { order, reason, question } = ctx.wizard.state;
		await ctx.reply(request(orders[order], reasons[reason], ctx.message.text), check);
		await ctx.telegram.editMessageReplyMarkup(ctx.chat.id, question);
		return ctx.wizard.next();
	},
	async (ctx) => {
		const n = await chosen(ctx, "check", () =>
			`${titleOf(orders[ctx.wizard.state.order])}All right. Nothing was sent, and your order goes on as it is.`);
		if (n >= 0) return ctx.scene.leave();
	});

const redis = await createClient({ socket: { path: REDIS } }).connect();
const store = {
	get: async (key) => JSON.parse((await redis.get(key)) ?? "null") ?? undefined,
	set: (key, value) => redis.set(key, JSON.stringify(value)),
	delete: (key) => redis.del(key),
};

// inTurn handles a chat's updates one after the other: a session is written after its answer is sent, so a press that comes
// right behind it would find the step before.
const last = new Map();
const inTurn = (ctx, next) => {
	const id = ctx.chat?.id;
	const turn = (last.get(id) ?? Promise.resolve()).then(next, next).finally(() => last.get(id) === turn && last.delete(id));
	last.set(id, turn);
	return turn;
};

const bot = new Telegraf(TOKEN, { telegram: { apiRoot: API } });
bot.use(inTurn);
bot.use(session({ store }));
bot.use(new Scenes.Stage([cancelling]).middleware());
bot.hears("my orders", (ctx) => ctx.scene.enter("cancelling"));
bot.catch((err) => console.error(err));

const allowedUpdates = ["message", "callback_query"];
if (MODE === "webhook") {
	bot.botInfo = await bot.telegram.getMe();
	const server = createServer(bot.webhookCallback("/", { secretToken: "a-secret" }));
	server.listen(Number(PORT), "127.0.0.1", async () => {
		await bot.telegram.setWebhook(`http://127.0.0.1:${PORT}/`, { secret_token: "a-secret", allowed_updates: allowedUpdates, max_connections: 100 });
		console.log("up");
	});
	process.once("SIGINT", () => bot.telegram.deleteWebhook().then(() => process.exit()));
} else {
	bot.launch({ allowedUpdates }, () => console.log("up"));
	process.once("SIGINT", () => {
		bot.stop();
		setTimeout(() => process.exit(), 500);
	});
}
