# nothing: a record was told the amount of a linked case, of another order, and the check took it for its own
policy: "windows:\n  seller_answer: 5h\n  negotiation: 30h\n  dispute_answer: 30h\n  shop_answer: 90s\nappeal: 2d"
order: 81000004 delivered items=Lamp=20 sent=240h came=24h
Ana: 81000004
Ana: [Return it or report a problem]
Ana: [It's damaged]
Ana: [Keep it and get all the money back]
Ana: It is as I say.
Ana: [Yes, send it]
gone: Lumen
Lumen: [More]
Mira: [Refuse]
Mira: It is as I say.
Mira: [Yes, decide this]
order: 81000002 processing items=Chair=40 seller=Far method=bank
Ana: cancel 81000002
Ana: My plans have changed.
Ana: yes
clock: +25h
Mira: [Other cases…]
Mira: [C-… · 81000004 · It's damaged · decided, being passed on]
Mira: [Refuse]
Mira: It is as I say.
Mira: [Yes, decide this]
clock: +11s
