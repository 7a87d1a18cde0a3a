# The bank gives everything back while support has a dispute, and support was offered a full refund: the shop was asked for 0.00.
policy: ""
order: 81000004 delivered items=Lamp=20 sent=240h came=24h
Ana: 81000004
Ana: [Return it or report a problem]
Ana: [It's damaged]
Ana: [Keep it and get all the money back]
Ana: It is as I say.
Ana: [Yes, send it]
clock: +11d
shop: charge 81000004 completed:22.50
Mira: [Full refund]
Mira: It is as I say.
Mira: [Yes, decide this]
clock: +11s
