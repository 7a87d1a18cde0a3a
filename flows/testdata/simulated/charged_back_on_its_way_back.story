# the shop is asked to pay back "0.00 USD" for dispute/81000008/0
policy: ""
order: 81000008 delivered items=Vase=30 sent=40h came=24h country=ES
Ana: 81000008
Ana: [Withdraw from contract here]
Ana: [Confirm withdrawal]
shop: charge 81000008 completed:32.50
Lumen: [The parcel is back]
Lumen: [Yes, it's here]
