# The bank gives everything back while the shop holds the order, and support was offered a full refund: the shop was asked for 0.00.
policy: "windows:\n  seller_answer: 2bd\n  negotiation: 3bd\n  support_answer: 1bd\nappeal: 3bd\ncalendar: {holidays: [\"2026-11-23\"]}"
order: 81000002 processing items=Chair=40 seller=Far method=bank
Ana: cancel 81000002
Ana: My plans have changed.
Ana: yes
shop: freeze 81000002
shop: charge 81000002 completed:42.50
clock: +31d
Mira: [Full refund]
Mira: It is as I say.
Mira: [Yes, decide this]
clock: +11s
