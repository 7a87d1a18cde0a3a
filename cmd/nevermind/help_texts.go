package main

import "github.com/alecthomas/kong"

// helpTexts are the help of settings and commands whose sentence is too long for a struct's tag, by the name with which
// the tag refers to them.
var helpTexts = kong.Vars{
	"listen":            "Where HTTP is served; 127.0.0.1:8080 where nothing else is said.",
	"operations_listen": "Where /metrics, /healthz and /readyz are served; where nothing is said beside the rest.",
	"demo_listen":       "Where the page is served; 127.0.0.1:8080 where nothing else is said.",
	"demo": "The whole product on this machine: sample orders, a page with buyer, seller and support, and a clock" +
		" you can move.",
	"data":    "Folder for the database; where nothing else is said ./nevermind-data, for the demo a fresh one.",
	"store":   "Where everything is kept; bolt:DIR/nevermind.db where nothing else is said.",
	"keyring": "With a PostgreSQL store: the database of the keys of single persons, another than the store's.",
	"files":   "Where people's files are kept; file:DIR/files where nothing else is said.",
	"policy": "A policy file, or a built-in pack (aliexpress, ebay); what a file leaves out comes from the built-in" +
		" pack that its base names, or aliexpress.",
	"key": "What stored records and files are encrypted with: 32 bytes in base64. A flag can be read in the list of processes:" +
		" better give it as a variable or a file.",
	"key_file":   "A file that holds the key; DIR.key beside the data folder where nothing else is said, made on the first start.",
	"log":        "debug, info, warn or error; where nothing else is said info, for what is no server warn.",
	"public_url": "The address the platforms reach us at; needed for webhooks.",
	"api_key": "The shop's key for /v1. A flag can be read in the list of processes: better" +
		" give secrets as variables.",
	"mcp":                     "on: buyers may connect an AI assistant of their own, at /mcp; off where nothing else is said.",
	"mcp_command":             "The bridge from a buyer's machine: their AI assistant starts it, and reaches a server's /mcp by it.",
	"telegram_webhook_secret": "What Telegram proves itself with; a random one is kept in the store where none is given.",
	"telegram_chat_rate":      "Messages a second in one chat; 1 where nothing else is said, 0 is no limit.",
	"slack_channel_rate":      "Messages a second in one channel; 1 where nothing else is said, 0 is no limit.",
	"shop": "Who the shop is: medusa, vendure or webhook; where nothing else is said the embedded order book, or webhook where its" +
		" address is set.",
	"listener_url": "A model's API, as OpenAI's, that is asked what unclear words may mean: people's text goes there; off where" +
		" nothing else is said.",
	"shop_page":        "An order's page in the shop, for its buyer, with {code} in it.",
	"shop_settles":     "on: refunds that the shop has begun are settled by us; else the shop settles them.",
	"shop_secret":      "What they are signed with, and what the events of a shop's system are (whsec_…).",
	"shop_webhook_url": "Where commands and news to the shop go; without one the embedded order book is the shop.",
}
