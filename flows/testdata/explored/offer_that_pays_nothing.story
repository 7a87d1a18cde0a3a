# The shop pays a part itself, so that the costs the seller offers to keep are more than what is left: nothing was to be sent.
begins: case-and-money
shop: does check_order
Lumen: [Make an offer] map[offer_amount: offer_kept:24.89 USD offer_kind:costs offer_note:]
shop: returns 2
Ana: [Take the offer]
shop: fails cancel_order
Mira: [Refund without cancelling]
