# A discount is noted as paid otherwise and the rest is sent; the first refund's late no was taken for the second's.
begins: case-and-money
shop: does check_order
Lumen: [Make an offer] map[offer_amount:0.01 USD offer_kept: offer_kind:discount offer_note:]
Ana: [Take the offer]
clock: refund_send
shop: cancel
Mira: [It is paid: note how] map[reference:As I say.]
shop: fails pay_refund
Mira: [Start the refund again]
