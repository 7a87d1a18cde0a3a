package bot

// settle gives a talk the order that it is about now, and the policy that counts for that order.
func settle(v *View) {
	if v.Look == nil || v.BasePolicy == nil || len(v.BasePolicy.Overrides) == 0 {
		return
	}
	switch id := v.Frame.Facts["order"]; {
	case id == "":
		v.Order = nil
	case v.Order == nil || v.Order.ID != id:
		v.Order, _ = v.Look.OrderByID(id)
	}
	v.Policy = v.BasePolicy.For(v.Order)
}
