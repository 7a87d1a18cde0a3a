package understand
import ("testing";"os";"bufio";"fmt")
func TestDebug(t *testing.T){
 f,_:=os.Open("/tmp/h/heard_dbg.txt"); s:=bufio.NewScanner(f)
 for s.Scan(){ v:=Decide(s.Text(),""); m:=read(s.Text(),""); fmt.Printf("%s\n  act=%s ask=%v den=%s strange=%v:", s.Text(), v.Act, v.Ask, v.Denied, m.strange(v.Act)); for _,c:=range v.Rank[:4]{fmt.Printf(" %s %.2f b%v u%v;",c.Intent,c.Share,c.Barred,c.Unsaid)}; fmt.Print("\n   "); for _,w:=range m.words{ fmt.Printf(" %s[",w.text); for n,c:=range conceptNames{ if w.means.has(concept(n)){fmt.Print(c," ")}}; fmt.Printf("|%d]",w.flags)}; fmt.Println()}
}
