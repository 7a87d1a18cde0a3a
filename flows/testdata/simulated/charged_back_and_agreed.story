# the shop is asked to pay back "0.00 USD" for dispute/81000004/0
policy: "windows:\n  seller_silence: support\n  dispute_silence: support"
order: 81000004 delivered items=Lamp=20 sent=240h came=24h
Ana: 81000004
Ana: [Return it or report a problem]
Ana: [It's damaged]
Ana: [Keep it and get all the money back]
Ana: It is as I say.
Ana: [Yes, send it]
shop: charge 81000004 completed:22.50
Lumen: [Agree: 0.00 USD back]
Lumen: [Yes, I agree]
