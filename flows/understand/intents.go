package understand

// Intent is what somebody wants.
type Intent string

// The intents that are told apart.
const (
	OutOfScope     Intent = "out_of_scope"
	CancelOrder    Intent = "cancel_order"
	OrderStatus    Intent = "order_status"
	RefundStatus   Intent = "refund_status"
	RefundPolicy   Intent = "refund_policy"
	OpenDispute    Intent = "open_dispute"
	HumanAgent     Intent = "human_agent"
	ThanksBye      Intent = "thanks_bye"
	DeleteMyData   Intent = "delete_my_data"
	Greeting       Intent = "greeting"
	ChangeLanguage Intent = "change_language"
	ContactSeller  Intent = "contact_seller"
	ListOrders     Intent = "list_orders"
	Escalate       Intent = "escalate"
	TakeItBack     Intent = "take_it_back"
	ChangeOrder    Intent = "change_order"
	Late           Intent = "late"
)

// Intents are all of them, in the order in which their weights are stored.
var Intents = []Intent{
	OutOfScope, CancelOrder, OrderStatus, RefundStatus, RefundPolicy, OpenDispute, HumanAgent, ThanksBye, DeleteMyData, Greeting,
	ChangeLanguage, ContactSeller, ListOrders, Escalate, TakeItBack, ChangeOrder, Late,
}

// Reasons are why people cancel, by the names of the policy, in the order in which their weights are stored; the first is none.
var Reasons = []string{
	"", "not_needed", "order_mistake", "wrong_item", "found_cheaper", "too_slow", "seller_raised_price", "delivery_method",
	"seller_silent", "out_of_stock", "payment_problem",
}
