package transcript

import (
	"fmt"
	"slices"
	"time"

	"nevermind/bot"
)

// stages are what an order comes to by what the shop does.
var stages = map[string]bot.Stage{
	"ship": bot.Shipped, "cancel": bot.Cancelled, "confirm": bot.Processing, "deliver": bot.Delivered,
	"freeze": bot.Frozen, "complete": bot.Completed, "relock": bot.Verifying, "unpay": bot.Unpaid,
}

// Change does to an order what a shop's line says, in its words: "ship 81000001 LP00123456", "deliver 81000001",
// "returns 81000001 2.50", "charge 81000001 open:24.90", "adjust 81000001 2.00", "total 81000001 34.90", "parcel 81000001
// LP2:1=1".
func Change(o *bot.Order, words []string, now time.Time) error {
	switch act := words[0]; act {
	case "left": // as long ago as the second word says
		ago, err := time.ParseDuration(words[2])
		o.Stage, o.Shipped, o.Carrier, o.Tracking = bot.Shipped, now.Add(-ago), "Cainiao", words[3]
		return err
	case "postpone": // it has to ship within so long from now
		in, err := time.ParseDuration(words[2])
		o.ShipBy = now.Add(in)
		return err
	case "track":
		o.Carrier, o.Tracking = "Cainiao", words[2]
	case "returns": // so much, by itself
		o.Refunded = Money(words[2], o.Total.Currency)
	case "charge", "adjust", "total":
		changeWhole(o, words, now)
	case "parcel", "part", "arrive", "recode":
		return changeParcels(o, words, now)
	case "refunded": // all that was paid went back, without us
		o.Book = append(o.Book, bot.Posting{Do: "pay_refund", Amount: o.Total, State: "done", At: now})
	default:
		if stages[act] == "" {
			return fmt.Errorf("the shop cannot %q", act)
		}
		move(o, stages[act], words[2:], now)
	}
	return nil
}

func move(o *bot.Order, to bot.Stage, tracking []string, now time.Time) {
	switch o.Stage = to; to {
	case bot.Shipped:
		o.Shipped = now
	case bot.Delivered:
		o.Delivered = now
	}
	if len(tracking) > 0 {
		o.Carrier, o.Tracking = "Cainiao", tracking[0]
	}
}

// changeWhole does what only an order in the whole form can say.
func changeWhole(o *bot.Order, words []string, now time.Time) {
	switch words[0] {
	case "charge":
		setCharge(o, words[2])
	case "adjust":
		o.Adjustments = append(slices.Clone(o.Adjustments), bot.Adjustment{ID: "a-" + words[2], Type: bot.PriceAdjustment,
			Amount: Money(words[2], o.Total.Currency), Status: bot.AdjustmentCompleted, At: now})
	case "total":
		o.Total = Money(words[2], o.Total.Currency)
		if len(words) > 3 { // in another currency
			o.Total = Money(words[2], words[3])
			o.Shipping.Currency = words[3]
			o.Items = slices.Clone(o.Items)
			for i := range o.Items {
				o.Items[i].Price.Currency = words[3]
			}
		}
	}
	o.Normalize()
}

// changeParcels does what becomes of single parcels: one leaves, and with it the order ("parcel") or a part of it ("part"), one
// arrives ("arrive 81000001 p-2"), or has another code ("recode 81000001 p-2 LP9").
func changeParcels(o *bot.Order, words []string, now time.Time) error {
	o.Parcels = slices.Clone(o.Parcels)
	n := slices.IndexFunc(o.Parcels, func(p bot.Parcel) bool { return p.ID == words[2] })
	switch act := words[0]; {
	case act == "parcel" || act == "part":
		if act == "part" {
			o.Stage = bot.PartShipped
		}
		if err := addParcel(o, words[2], now); err != nil {
			return err
		}
	case n < 0:
		return fmt.Errorf("there is no parcel %q", words[2])
	case act == "arrive":
		o.Parcels[n].Delivered, o.Parcels[n].Heard = now, now
	default:
		o.Parcels[n].Code, o.Parcels[n].Heard = words[3], now
	}
	o.Normalize()
	return nil
}
