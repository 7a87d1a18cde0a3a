package understand
import ("testing";"slices")
func TestHarm(t *testing.T){ for _,l:=range sharedLines(t){ v:=Decide(l.Text,""); got:=plainIntent(v.Act); if got!=l.Intent && !slices.Contains(l.Alt,got) && slices.Contains(harmful,got){ t.Log(l.Lang,l.Text,l.Intent,got)}}}
