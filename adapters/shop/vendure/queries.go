package vendure

// The few queries there are, as Vendure's schema has them; queries_test.go holds them to the schema of the version tested.
const (
	orderFields = `
fragment Whole on Order {
  id code type state active updatedAt orderPlacedAt currencyCode totalWithTax
  customer { id firstName lastName }
  shippingAddress { countryCode }
  channels { code seller { id name } }
  lines { id quantity orderPlacedQuantity proratedUnitPriceWithTax productVariant { name } featuredAsset { preview } }
  payments { id state amount method createdAt updatedAt refunds { id state total reason createdAt updatedAt } }
  fulfillments { id state method trackingCode createdAt updatedAt lines { orderLineId quantity } }
  history(options: { take: 100, sort: { id: DESC } }) { items { type createdAt data } }
}`
	listOrders = `query Orders($options: OrderListOptions) { orders(options: $options) { items { ...Whole } } }` + orderFields
	checkout   = `query Checkout($code: String!) {
  orders(options: { filter: { code: { eq: $code } }, take: 1 }) { items { ...Whole sellerOrders { ...Whole } } }
}` + orderFields
	cancelOrder = `mutation Cancel($input: CancelOrderInput!) {
  cancelOrder(input: $input) { __typename ...on ErrorResult { errorCode message } }
}`
	refundOrder = `mutation Refund($input: RefundOrderInput!) {
  refundOrder(input: $input) { __typename ...on ErrorResult { errorCode message } }
}`
	settleRefund = `mutation Settle($input: SettleRefundInput!) {
  settleRefund(input: $input) { __typename ...on ErrorResult { errorCode message } }
}`
)
