# The shop cancels by itself, is late with the refund, and then says no to the cancellation: a second refund was offered.
begins: case-and-the-shop
shop: does check_order
Lumen: [Cancel and refund {amount}]
shop: cancel
clock: refund_send
shop: fails cancel_order
Mira: [Refund without cancelling]
