# A decision is paid while the first look at the order is still not answered: its late answer asked for the refund once more.
begins: case-and-the-shop
clock: shop_answer
Mira: [Full refund] map[cancels:no grounds:As I say.]
clock: undo
clock: refund_send
shop: ship
shop: does check_order
