package policies

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"nevermind/bot"
)

func load(t *testing.T, file string) *Pack {
	t.Helper()
	p, err := Load(Builtin(), []byte(file))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestWindowsThatMayBeNone: what docs/policy.md allows to be "none" is read as no window, and nothing else is.
func TestWindowsThatMayBeNone(t *testing.T) {
	for _, name := range []string{"undo", "withdrawal", "last_day_notice"} {
		p := load(t, "windows: {"+name+": none}").Policy
		if got, there := p.Windows[name]; !got.IsZero() || !there {
			t.Errorf("windows.%s: none: got %v, there %v, want no length", name, got, there)
		}
	}
	if _, err := Load(Builtin(), []byte("windows: {seller_answer: none}")); err == nil {
		t.Error("windows.seller_answer: none was read")
	}
}

func TestDefaultSaysWhatTheSourcesSay(t *testing.T) {
	pack, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	p := pack.Policy
	day := 24 * time.Hour
	windows := map[string]bot.Window{
		"unpaid_expires": {Length: 20 * day}, "payment_verification": {Length: 7 * day}, "seller_answer": {Length: day},
		"negotiation": {Length: 7 * day}, "support_answer": {Length: 2 * day}, "evidence": {Length: 3 * day},
		"return_ship": {Length: 10 * day}, "parcel_storage": {Length: 30 * day}, "letter_answer": {Length: day},
		"shop_answer": {Length: time.Hour}, "talk_idle": {Length: 30 * day}, "arrival_grace": {Length: 3 * day},
		"link": {Length: 10 * time.Minute}, "undo": {Length: 10 * time.Second},
	}
	for key, want := range windows {
		if p.Windows[key] != want {
			t.Errorf("windows.%s: got %v, want %v", key, p.Windows[key], want)
		}
	}
	if got := p.Choices["seller_silence"]; got != "approve" { // S42
		t.Errorf("seller_silence: got %q, want approve", got)
	}
	if got, want := p.Refund("card"), (bot.Interval{Min: bot.Window{BusinessDays: 3}, Max: bot.Window{BusinessDays: 20}}); got !=
		want { // S68
		t.Errorf("card: got %v, want %v", got, want)
	}
	if got, want := p.Sources["windows.seller_answer"], []string{"S41", "Q1"}; !slices.Equal(got, want) {
		t.Errorf("sources: got %v, want %v", got, want)
	}
	var faults []string
	for _, r := range p.Reasons { // S33, S34, S35
		faults = append(faults, r.ID+" "+string(r.Fault))
		if r.Fine != (r.Fault == bot.Seller) || r.Label == "" {
			t.Errorf("reason %s: fine %v, label %q", r.ID, r.Fine, r.Label)
		}
	}
	want := []string{
		"not_needed buyer", "order_mistake buyer", "wrong_item buyer", "found_cheaper buyer", "too_slow buyer",
		"seller_raised_price seller", "delivery_method seller", "seller_silent seller", "out_of_stock seller", "other buyer",
	}
	if !slices.Equal(faults, want) {
		t.Errorf("reasons: got %v, want %v", faults, want)
	}
	if p.Appeal != (bot.Window{}) || !p.SecondPersonAbove.IsZero() || len(p.Fees) != 0 || len(p.Leads) != 0 {
		t.Errorf("appeal %v, second person %v, fees %v, leads %v: want none", p.Appeal, p.SecondPersonAbove, p.Fees, p.Leads)
	}
}

func TestEveryEntryHasItsSource(t *testing.T) {
	p := load(t, "").Policy
	for key := range p.Windows {
		if len(p.Sources["windows."+key]) == 0 {
			t.Errorf("windows.%s has no source", key)
		}
	}
	for key := range p.Refunds {
		if len(p.Sources["refunds."+key]) == 0 {
			t.Errorf("refunds.%s has no source", key)
		}
	}
	for _, r := range p.Reasons {
		if len(p.Sources["reasons."+r.ID]) == 0 {
			t.Errorf("reasons.%s has no source", r.ID)
		}
	}
	for about, list := range p.Evidence {
		for _, proof := range list {
			if len(p.Sources["evidence."+about+"."+proof.ID]) == 0 {
				t.Errorf("evidence.%s.%s has no source", about, proof.ID)
			}
		}
	}
}

func TestFileOverridesPart(t *testing.T) {
	pack := load(t, `
name: my-shop
windows:
  seller_answer: 2s
  seller_silence: {value: support, source: [S31]}
  negotiation: {value: 3bd, source: [our terms]}
refunds:
  card: {min: 0d, max: 5bd}
  klarna: {min: 1d, max: 7d, source: [klarna help]}
reasons:
  - {id: not_needed, fault: buyer}
  - {id: too_slow, fault: seller, fine: true, source: [Q11]}
  - {id: gift, label: It was a gift, fault: buyer}
calendar: {country: de, holidays: [2026-12-24]}
roles: {leads: [U012AB3CD]}
second_person_above: "200.00 USD"
fees: [{seller: s-1, amount: 2 USD, note: handling}]
appeal: {value: 5d, source: [ours]}
`)
	p := pack.Policy
	if got, want := p.Windows["seller_answer"], (bot.Window{Length: 2 * time.Second}); got != want {
		t.Errorf("seller_answer: got %v, want %v", got, want)
	}
	if len(p.Sources["windows.seller_answer"]) != 0 {
		t.Errorf("an overridden entry keeps the source %v", p.Sources["windows.seller_answer"])
	}
	if got, want := p.Windows["negotiation"], (bot.Window{BusinessDays: 3}); got != want {
		t.Errorf("negotiation: got %v, want %v", got, want)
	}
	if got := p.Windows["evidence"].Length; got != 72*time.Hour {
		t.Errorf("evidence, left out: got %v", got)
	}
	if got := p.Choices["seller_silence"]; got != "support" {
		t.Errorf("seller_silence: got %q", got)
	}
	if _, ok := p.Refunds["klarna"]; !ok || len(p.Refunds) != 5 {
		t.Errorf("refunds: got %v", p.Refunds)
	}
	wantReasons := []bot.Reason{
		{ID: "not_needed", Label: "I don't need it any more", Fault: bot.Buyer},
		{ID: "too_slow", Label: "It takes too long to ship", Fault: bot.Seller, Fine: true},
		{ID: "gift", Label: "It was a gift", Fault: bot.Buyer},
	}
	if !slices.Equal(p.Reasons, wantReasons) {
		t.Errorf("reasons: got %v, want %v", p.Reasons, wantReasons)
	}
	if p.SecondPersonAbove != (bot.Money{Minor: 20000, Currency: "USD"}) || p.Appeal.Length != 120*time.Hour {
		t.Errorf("second person %v, appeal %v", p.SecondPersonAbove, p.Appeal)
	}
	if want := []bot.Fee{{Seller: "s-1", Amount: bot.Money{Minor: 200, Currency: "USD"}, Note: "handling"}}; !slices.Equal(p.Fees,
		want) {
		t.Errorf("fees: got %v, want %v", p.Fees, want)
	}
	eve := time.Date(2026, 12, 23, 9, 0, 0, 0, time.UTC)
	if got, want := p.Calendar.Add(eve, 1, time.UTC), time.Date(2026, 12, 28, 9, 0, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("the day after 23 December: got %v, want %v", got, want)
	}
}

func TestTheContractsFile(t *testing.T) {
	p := load(t, `
name: my-shop
windows:
  unpaid_expires: 20d          # S10
  seller_answer: 24h           # S41
  seller_silence: approve      # S42; or "support"
  negotiation: 7d              # S55
  support_answer: 2d
  evidence: 3d
  return_ship: 10d
  parcel_storage: 30d          # S64
refunds:
  card: {min: 3bd, max: 20bd}  # S68
  bank: {min: 3d, max: 21d}    # S71
reasons:
  - {id: not_needed, fault: buyer}                        # S33, S34; then too_slow,
  - {id: seller_raised_price, fault: seller, fine: true}  # S35; then delivery_method, seller_silent, out_of_stock, other
calendar: {country: none, holidays: []}
roles: {leads: []}
second_person_above: none
fees: []
appeal: none
`).Policy
	if p.Name != "my-shop" || len(p.Reasons) != 2 || p.Windows["seller_answer"].Length != 24*time.Hour ||
		p.Refund("gift").Max.Length != 21*24*time.Hour {
		t.Errorf("got %+v", p)
	}
}

func TestVersionIsOfTheContent(t *testing.T) {
	plain := load(t, "").Policy.Version
	if got := load(t, "windows:\n  evidence: {value: 72h, source: [house]}\n").Policy.Version; got != plain {
		t.Errorf("the same content written otherwise: got %s, want %s", got, plain)
	}
	other := load(t, "windows: {evidence: 4d}")
	if other.Policy.Version == plain {
		t.Error("other content has the same version")
	}
	again, err := Load(other.Text, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(again.Policy.Windows, other.Policy.Windows) || again.Policy.Version != other.Policy.Version {
		t.Errorf("its own text read again: got %+v, want %+v", again.Policy, other.Policy)
	}
}

func TestEveryFaultAtOnce(t *testing.T) {
	_, err := Load(Builtin(), []byte(`nam: x
windows:
  seller_anwser: 24h
  seller_answer: 24
  evidence: -3d
  negotiation: 9999d
  return_ship: one day
  seller_silence: maybe
  evidence: 3d
  support_answer: 0s
refunds:
  card: {min: 20bd, max: 3bd}
  bank: {min: 3d, typo: 1}
reasons:
  - {id: brand_new, fault: nobody}
  - {id: not_needed, fine: 1, source: [S99]}
calendar: {country: XX, holidays: [2026-13-01]}
second_person_above: 200
fees: 3
roles: [U1]
`))
	var faults Faults
	if !errors.As(err, &faults) {
		t.Fatalf("got %v, want Faults", err)
	}
	want := []string{
		`line 1: nam: unknown key; the keys are name,`,
		`line 3: windows.seller_anwser: unknown key; the keys are arrival_grace,`,
		`line 4: windows.seller_answer: "24" has no unit; write a number and its unit`,
		`line 5: windows.evidence: "-3d" is negative`,
		`line 6: windows.negotiation: "9999d" is longer than two years`,
		`line 7: windows.return_ship: "one day" is not a span of time`,
		`line 8: windows.seller_silence: "maybe" is not a choice; write approve or support`,
		`line 9: windows.evidence: given twice; keep one`,
		`line 10: windows.support_answer: no time at all`,
		`line 12: refunds.card: min 20bd is longer than max 3bd; put the shorter one in min`,
		`line 13: refunds.bank.typo: unknown key; the keys are min, max, source`,
		`line 15: reasons[0].fault: "nobody" is not a choice; write buyer or seller`,
		`line 16: reasons[1].fine: "1" stands where yes or no belongs; write true or false`,
		`line 16: reasons[1].source[0]: there is no rule S99; rules are S01 to S91`,
		`line 17: calendar.country: the holidays of "XX" are not known; write none or one of AR,`,
		`line 17: calendar.holidays[0]: "2026-13-01" is not a date; write it like 2026-12-25`,
		`line 18: second_person_above: "200" stands where words belong; put it in quotes`,
		`line 19: fees: "3" stands where a list belongs; write [] for none`,
		`line 20: roles: a list stands where keys with values belong; write leads`,
	}
	got := strings.Split(err.Error(), "\n")
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || !strings.HasPrefix(got[i], want[i]) {
			t.Errorf("line %d:\n got %q\nwant %q", i, lineOf(got, i), lineOf(want, i))
		}
	}
}

func lineOf(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

func TestNotAPolicy(t *testing.T) {
	for _, file := range []string{
		"a: [", "- a", "just words", "name: &x a\nappeal: *x", "name: !!str 3", "windows: {<<: {evidence: 1d}}",
		"name: a\n---\nname: b", "name: \xff", "{", "windows: 3", "? [a]\n: b", "name: \"a\\u0000b\"", strings.Repeat("#", maxFile+1),
		"calendar: {country: none, holidays: {}}", "windows: {1: 3d}", "reasons: []", "reasons: [3]", "claims: [{}]", "fees: [{}]",
	} {
		if p, err := Load(Builtin(), []byte(file)); err == nil {
			t.Errorf("%.40q: got %v, want a fault", file, p.Policy.Name)
		}
	}
}

func TestNothingToOverride(t *testing.T) {
	want := load(t, "").Policy.Version
	for _, file := range []string{"", "# only words\n", "---\n", "windows:\nrefunds:\ncalendar:\nroles:\nfees:\n", "\ufeff", "{}"} {
		if got := load(t, file).Policy.Version; got != want {
			t.Errorf("%q: got %s, want %s", file, got, want)
		}
	}
}

// FuzzLoad lays any file over a base that is whole and short, which makes it several times as fast: nothing panics, what is taken
// is taken again from its own text, as the same policy.
func FuzzLoad(f *testing.F) {
	base, keep := "", true
	for line := range strings.Lines(string(builtin)) {
		if section, _, begins := strings.Cut(line, ":"); begins && section != "" && section[0] >= 'a' && section[0] <= 'z' {
			keep = !slices.Contains([]string{"evidence", "replies", "claims", "overrides", "origins", "satisfaction"}, section)
		}
		if keep && !strings.HasPrefix(line, "#") {
			base += line
		}
	}
	f.Add(builtin)
	f.Add([]byte("windows: {seller_answer: 2s, seller_silence: support}\nrefunds: {card: {min: 0d, max: 3bd}}"))
	f.Add([]byte("reasons:\n- {id: a, label: \"\\u2028 b\", fault: buyer}\nfees: [{amount: 2 JPY}]"))
	f.Add([]byte("a: &b [*b]\n<<: *b"))
	f.Fuzz(func(t *testing.T, file []byte) {
		p, err := Load([]byte(base), file)
		if err != nil {
			if strings.Contains(err.Error(), "built-in policy") {
				t.Fatal("the short base is none: ", err)
			}
			if strings.TrimSpace(err.Error()) == "" {
				t.Error("an error without words")
			}
			return
		}
		again, err := Load(p.Text, nil)
		if err != nil {
			t.Fatalf("its own text: %v\n%s", err, p.Text)
		}
		if again.Policy.Version != p.Policy.Version {
			t.Errorf("its own text: got version %s, want %s", again.Policy.Version, p.Policy.Version)
		}
	})
}

// TestTheContractsFurtherKeys: what the contract lists under the file is read as it is written there.
func TestTheContractsFurtherKeys(t *testing.T) {
	p := load(t, `
windows: {shipping_proof: 24h, refund_send: 3d, support_verdict: 60d, support_silence: remind}
retention: {tasks: 90d, rooms: 2y, cases: none, obliged: 10y}
refund_order: [gift_card, card]
`).Policy
	day := 24 * time.Hour
	want := map[string]bot.Window{"tasks": {Length: 90 * day}, "rooms": {Length: 730 * day}, "cases": {},
		"obliged": {Length: 3650 * day}}
	if !reflect.DeepEqual(p.Retention, want) {
		t.Errorf("retention: got %v, want %v", p.Retention, want)
	}
	if p.Windows["shipping_proof"].Length != day || p.Windows["refund_send"].Length != 3*day ||
		p.Windows["support_verdict"].Length != 60*day || p.Choices["support_silence"] != "remind" ||
		!slices.Equal(p.RefundOrder, []string{"gift_card", "card"}) {
		t.Errorf("got %+v", p)
	}
	if got := load(t, "").Policy; got.Retention != nil {
		t.Errorf("nothing said of retention: got %v", got.Retention)
	}
}

// TestRetentionFaults: each fault names its key.
func TestRetentionFaults(t *testing.T) {
	for file, want := range map[string]string{
		"retention: {task: 90d}":   "retention.task: unknown key; the keys are cases, obliged, rooms, tasks",
		"retention: {tasks: 90}":   "retention.tasks: \"90\" has no unit",
		"retention: {rooms: 31y}":  "retention.rooms: \"31y\" is not a span of time",
		"retention: {rooms: 0y}":   "retention.rooms: \"0y\" is not a span of time",
		"retention: {cases: 0d}":   "retention.cases: no time at all",
		"retention: {cases: ever}": "retention.cases: \"ever\" is not a span of time",
		"retention: 90d":           "retention: ",
		"windows: {evidence: 1y}":  "windows.evidence: \"1y\" is not a span of time",
	} {
		if _, err := Load(Builtin(), []byte(file)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", file, err, want)
		}
	}
}
