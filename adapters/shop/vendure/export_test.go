package vendure

// CheckoutQuery is what Checkout asks.
const CheckoutQuery = checkout
