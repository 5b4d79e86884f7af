package merge

import (
	"encoding/json"
	"math"
	"math/big"
	"strconv"
	"testing"
)

// FuzzQuotient compares what is divided by hand with the exact way.
func FuzzQuotient(f *testing.F) {
	for _, x := range []int64{0, 1, -1, 7, -1999, 1999, 1 << 53, math.MaxInt64, math.MinInt64, math.MinInt64 + 1} {
		for _, y := range []int64{1, -1, 3, 8, -100, 1 << 20, 1 << 59, -1 << 59, math.MaxInt64, math.MinInt64} {
			f.Add(x, y)
		}
	}
	f.Fuzz(func(t *testing.T, x, y int64) {
		if y == 0 {
			return
		}
		got, ok := quotient(strconv.FormatInt(x, 10), y)
		want, err := decimal(big.NewRat(x, 1).Quo(big.NewRat(x, 1), big.NewRat(y, 1)))
		if err != nil || ok && got != want {
			t.Errorf("%d / %d is %s, not %s (%v)", x, y, got, want, err)
		}
	})
}

func TestQuotientOfAmounts(t *testing.T) {
	for _, c := range []struct{ x, want string }{{"1999", "19.99"}, {"-5", "-0.05"}, {"100", "1"}, {"0", "0"}} {
		if got, ok := quotient(c.x, 100); !ok || got != json.Number(c.want) {
			t.Errorf("%s / 100 is %s, %v", c.x, got, ok)
		}
	}
	for _, x := range []string{"1.5", "1e3", "99999999999999999999", ""} {
		if got, ok := quotient(x, 100); ok {
			t.Errorf("%q / 100 is %s by hand", x, got)
		}
	}
	if got, ok := quotient("1", 3); ok {
		t.Errorf("1 / 3 has an end: %s", got)
	}
}

func BenchmarkDivide(b *testing.B) {
	f, err := bindDivide([]string{"100"})
	if err != nil {
		b.Fatal(err)
	}
	v := any(json.Number("123456"))
	for b.Loop() {
		if _, err := f(v); err != nil {
			b.Fatal(err)
		}
	}
}
