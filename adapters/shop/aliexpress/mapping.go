package aliexpress

import (
	"encoding/json"
	"time"

	"nevermind/adapters/shop/connector"
	"nevermind/bot"
)

// pacific is where the platform's clock stands; times carry no zone.
var pacific = func() *time.Location {
	if zone, err := time.LoadLocation("America/Los_Angeles"); err == nil {
		return zone
	}
	return time.FixedZone("PST", -8*60*60)
}()

const timeLayout = "2006-01-02 15:04:05"

// at is a time of the platform; "" and what cannot be read is none.
type at string

func (a at) read() time.Time {
	t, err := time.ParseInLocation(timeLayout, string(a), pacific)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

type money struct{ Amount, CurrencyCode string }

func (m money) read() bot.Money {
	amount, err := bot.ReadMoney(m.Amount + " " + m.CurrencyCode)
	if err != nil {
		return bot.Money{Currency: m.CurrencyCode}
	}
	return amount
}

// order is an order as the platform writes it.
type order struct {
	OrderID                                                             json.Number
	OrderStatus, FundStatus, FrozenStatus, IssueStatus, LogisticsStatus string
	EndReason, PaymentType                                              string
	GmtCreate, GmtPayTime, GmtUpdate, GmtSendGoodsTime                  at
	BuyerLoginID, BuyerSignerFullname                                   string
	SellerLoginID, SellerSignerFullname                                 string
	PayAmount, LogisticsAmount                                          money
	ReceiptCountry                                                      string
	ProductList                                                         []struct {
		ChildID            json.Number
		ProductName        string
		ProductCount       int
		ProductImgURL      string
		TotalProductAmount money
	}
	LogisticInfoList []struct {
		LogisticsNo, LogisticsServiceName string
		GmtSend, GmtReceived              at
	}
	RefundInfo *struct {
		RefundStatus  string
		RefundCashAmt money
		GmtRefund     at
	}
}

// stages says where each of the platform's statuses stands. IN_CANCEL is a wish of the buyer's, not a cancellation, and what is
// asked for can still be shipped. FINISH is read with its reason. One that is not here is frozen: only people can decide.
var stages = map[string]bot.Stage{
	"PLACE_ORDER_SUCCESS":       bot.Unpaid,
	"RISK_CONTROL":              bot.Verifying,
	"WAIT_SELLER_EXAMINE_MONEY": bot.Verifying,
	"WAIT_GROUP_SUCCESS":        bot.Processing,
	"IN_PRESELL_PROMOTION":      bot.Processing,
	"WAIT_SELLER_SEND_GOODS":    bot.Processing,
	"IN_CANCEL":                 bot.Processing,
	"SELLER_PART_SEND_GOODS":    bot.PartShipped,
	"WAIT_BUYER_ACCEPT_GOODS":   bot.Shipped,
	"FUND_PROCESSING":           bot.Completed, // the money is on its way to the seller, or, of an order cancelled, back
	"IN_ISSUE":                  bot.Frozen,
	"IN_FROZEN":                 bot.Frozen,
	"FINISH":                    bot.Completed,
}

// cancelledBecause are the reasons with which an order is over and was cancelled, by the wish of either side or by a clock.
var cancelledBecause = map[string]bool{
	"buyer_cancel_order_in_unpay": true, "buyer_cancel_notpay_order": true, "pay_timeout": true, "buyer_accept_cancel": true,
	"seller_accept_cancel": true, "cancel_order_close_trade": true, "seller_send_goods_timeout": true, "risk_reject_closed": true,
	"security_close": true,
}

// ways of paying in the words of policies.
var ways = map[string]string{
	"MIXEDCARD": "card", "CARD": "card", "WALLET": "wallet", "TT": "bank", "QIWI": "wallet", "COD": "other",
}

// stage is where the order stands.
func (o *order) stage() bot.Stage {
	by, known := stages[o.OrderStatus]
	switch {
	case !known || o.FrozenStatus == "IN_FROZEN" || o.IssueStatus == "IN_ISSUE":
		return bot.Frozen
	case cancelledBecause[o.EndReason]:
		return bot.Cancelled
	case by == bot.Shipped && o.arrived():
		return bot.Delivered
	}
	return by
}

// arrived says whether every parcel has.
func (o *order) arrived() bool {
	for _, p := range o.LogisticInfoList {
		if p.GmtReceived.read().IsZero() {
			return false
		}
	}
	return len(o.LogisticInfoList) > 0
}

// read is the order in our words. Lines are cancelled with the order alone, and parcels do not say what is in them.
func (o *order) read() connector.Order {
	buyer, seller := bot.NewPersonID(bot.Buyer, o.BuyerLoginID), bot.NewPersonID(bot.Seller, o.SellerLoginID)
	all := connector.Order{Changed: o.GmtUpdate.read(), Order: bot.Order{
		ID: o.OrderID.String(), Buyer: buyer, Seller: seller, Stage: o.stage(), Placed: o.GmtCreate.read(),
		Paid: o.GmtPayTime.read(), Updated: o.GmtUpdate.read(), Shipped: o.GmtSendGoodsTime.read(),
		Total: o.PayAmount.read(), Shipping: o.LogisticsAmount.read(), Country: o.ReceiptCountry, Method: "other",
	}, Names: map[bot.PersonID]string{buyer: o.BuyerSignerFullname, seller: o.SellerSignerFullname}}
	if way := ways[o.PaymentType]; way != "" {
		all.Method = way
	}
	for _, p := range o.ProductList {
		all.Items = append(all.Items, bot.Item{ID: p.ChildID.String(), Title: p.ProductName, Quantity: max(1, p.ProductCount),
			Price: p.TotalProductAmount.read(), Image: p.ProductImgURL})
	}
	for _, p := range o.LogisticInfoList {
		all.Parcels = append(all.Parcels, bot.Parcel{ID: p.LogisticsNo, Code: p.LogisticsNo, Carrier: p.LogisticsServiceName,
			Shipped: p.GmtSend.read(), Delivered: p.GmtReceived.read()})
	}
	if r := o.RefundInfo; r != nil {
		all.Refunds = []connector.Refund{{ID: "refund-" + all.ID, Task: connector.Automatic, Amount: r.RefundCashAmt.read(),
			State: refundStates[r.RefundStatus], At: r.GmtRefund.read()}}
	}
	return all
}

// refundStates are the states of the one refund that an order has.
var refundStates = map[string]connector.RefundState{
	"wait_refund": connector.Pending, "refund_processing": connector.Pending, "refund_ok": connector.Settled,
	"refund_success": connector.Settled, "refund_fail": connector.Failed,
}
