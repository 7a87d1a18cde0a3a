//go:build unix

package medusa_test

import (
	"encoding/json"
	"net/http"

	"nevermind/adapters/shop/shoptest"
	"nevermind/bot"
)

// with is a body of JSON.
type with = map[string]any

// seed makes what a shop needs before it can sell: where it sells, from where it ships, and Ana.
func (s *server) seed() (err error) {
	var session struct{ Token string }
	login := with{"email": "admin@example.com", "password": "supersecret"}
	if err := s.call(http.MethodPost, "/auth/user/emailpass", login, &session); err != nil {
		return err
	}
	s.key = session.Token
	var key struct {
		APIKey struct{ Token string } `json:"api_key"`
	}
	if err := s.call(http.MethodPost, "/admin/api-keys", with{"title": "Nevermind", "type": "secret"}, &key); err != nil {
		return err
	}
	s.key = key.APIKey.Token
	for _, make := range []func() error{s.seedPlace, s.seedShipping, func() (err error) {
		ana := with{"email": "ana@example.com", "first_name": "Ana", "last_name": "Ruiz"}
		s.customer, err = s.id("/admin/customers", "customer", ana)
		return err
	}} {
		if err := make(); err != nil {
			return err
		}
	}
	return nil
}

func (s *server) seedPlace() (err error) {
	if s.region, err = s.id("/admin/regions", "region", with{"name": "All", "currency_code": "usd", "countries": []string{"gb"},
		"payment_providers": []string{"pp_system_default"}}); err != nil {
		return err
	}
	if s.channel, err = s.id("/admin/sales-channels", "sales_channel", with{"name": "web"}); err != nil {
		return err
	}
	if s.location, err = s.id("/admin/stock-locations", "stock_location", with{"name": "Mill",
		"address": with{"address_1": "12 Mill Lane", "country_code": "gb"}}); err != nil {
		return err
	}
	at := "/admin/stock-locations/" + s.location
	if err := s.call(http.MethodPost, at+"/fulfillment-providers", with{"add": []string{"manual_manual"}}, nil); err != nil {
		return err
	}
	return s.call(http.MethodPost, at+"/sales-channels", with{"add": []string{s.channel}}, nil)
}

func (s *server) seedShipping() error {
	var place struct {
		StockLocation struct {
			Sets []struct{ ID string } `json:"fulfillment_sets"`
		} `json:"stock_location"`
	}
	if err := s.call(http.MethodPost, "/admin/stock-locations/"+s.location+"/fulfillment-sets?fields=*fulfillment_sets",
		with{"name": "post", "type": "shipping"}, &place); err != nil {
		return err
	}
	var set struct {
		Set struct {
			Zones []struct{ ID string } `json:"service_zones"`
		} `json:"fulfillment_set"`
	}
	zones := "/admin/fulfillment-sets/" + place.StockLocation.Sets[0].ID + "/service-zones?fields=*service_zones"
	if err := s.call(http.MethodPost, zones,
		with{"name": "gb", "geo_zones": []any{with{"type": "country", "country_code": "gb"}}}, &set); err != nil {
		return err
	}
	profile, err := s.id("/admin/shipping-profiles", "shipping_profile", with{"name": "goods", "type": "default"})
	if err != nil {
		return err
	}
	s.shipping, err = s.id("/admin/shipping-options", "shipping_option", with{"name": "Post", "service_zone_id": set.Set.Zones[0].ID,
		"shipping_profile_id": profile, "provider_id": "manual_manual", "price_type": "flat", "rules": []any{},
		"type":   with{"label": "Post", "description": "Post", "code": "post"},
		"prices": []any{with{"currency_code": "usd", "amount": 5}}})
	return err
}

// buy makes an order of Ana's that is paid.
func (s *server) buy(goods map[string]int) (string, error) {
	items, total := []any{}, int64(shoptest.Delivery)
	for name, n := range goods {
		total += shoptest.Prices[name] * int64(n)
		items = append(items, with{"title": name, "quantity": n, "unit_price": whole(shoptest.Prices[name])})
	}
	id, err := s.id("/admin/draft-orders", "draft_order", with{"email": "ana@example.com", "customer_id": s.customer,
		"region_id": s.region, "sales_channel_id": s.channel, "items": items,
		"shipping_methods": []any{with{"shipping_option_id": s.shipping, "name": "Post", "amount": whole(shoptest.Delivery)}},
		"shipping_address": with{"first_name": "Ana", "last_name": "Ruiz", "address_1": "1 High St", "city": "Leeds",
			"country_code": "gb", "postal_code": "LS1"}})
	if err != nil {
		return "", err
	}
	if err := s.call(http.MethodPost, "/admin/draft-orders/"+id+"/convert-to-order", with{}, nil); err != nil {
		return "", err
	}
	payments, err := s.id("/admin/payment-collections", "payment_collection", with{"order_id": id, "amount": whole(total)})
	if err != nil {
		return "", err
	}
	return id, s.call(http.MethodPost, "/admin/payment-collections/"+payments+"/mark-as-paid", with{"order_id": id}, nil)
}

// whole is an amount as Medusa writes it.
func whole(minor int64) json.Number {
	return json.Number(bot.Money{Minor: minor, Currency: "USD"}.Amount())
}
