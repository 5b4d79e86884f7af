package merge

import (
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"strconv"
	"strings"
)

// numberFunctions are those of numbers.
func numberFunctions() []function {
	return []function{
		{
			name: "add", arguments: ":number", doc: "The sum.", minArgs: 1, maxArgs: 1, bind: arithmetic((*big.Rat).Add),
			examples: []example{{"{{Rate | add:0.2}}", "0.3"}},
		},
		{
			name: "subtract", arguments: ":number", doc: "The difference.", minArgs: 1, maxArgs: 1, bind: arithmetic((*big.Rat).Sub),
			examples: []example{{"{{Cents | subtract:2000}}", "-1"}},
		},
		{
			name: "multiply", arguments: ":number", doc: "The product.", minArgs: 1, maxArgs: 1, bind: arithmetic((*big.Rat).Mul),
			examples: []example{{"{{Cents | multiply:1.21}}", "2418.79"}},
		},
		{
			name: "divide", arguments: ":number", doc: "The quotient, exact, or with 16 decimals if it has no end.", minArgs: 1, maxArgs: 1, bind: bindDivide,
			examples: []example{{"{{Cents | divide:100}}", "19.99"}, {"{{Rate | divide:3}}", "0.0333333333333333"}},
		},
		{
			name: "round", arguments: "[:decimals]", doc: "Rounded, halves away from zero.", maxArgs: 1, bind: bindRound,
			examples: []example{{"{{Cents | divide:1000 | round:1}}", "2"}, {"{{Cents | divide:100 | round}}", "20"}},
		},
		{
			name: "floor", doc: "The whole number below.", bind: integer(floor),
			examples: []example{{`{{Cents | divide:100 | floor}}`, `19`}},
		},
		{
			name: "ceiling", doc: "The whole number above.", bind: integer(ceiling),
			examples: []example{{`{{Cents | divide:100 | ceiling}}`, `20`}},
		},
		{
			name: "absolute", doc: "Without its sign.", bind: bindAbsolute,
			examples: []example{{`{{Cents | subtract:2000 | absolute}}`, `1`}},
		},
		{
			name: "modulo", arguments: ":number", doc: "What is left after dividing; it has the sign of the argument.", minArgs: 1, maxArgs: 1, bind: bindModulo,
			examples: []example{{`{{Cents | modulo:100}}`, `99`}},
		},
		{
			name: "atleast", arguments: ":number", doc: "The larger of the two.", minArgs: 1, maxArgs: 1, bind: bound(1),
			examples: []example{{`{{Cents | atleast:2000}}`, `2000`}},
		},
		{
			name: "atmost", arguments: ":number", doc: "The smaller of the two.", minArgs: 1, maxArgs: 1, bind: bound(-1),
			examples: []example{{`{{Cents | atmost:1000}}`, `1000`}},
		},
		{
			name: "fixed", arguments: ":decimals[:point[:group]]", doc: "As people write it: with so many decimals, a decimal point, and something between thousands.", minArgs: 1, maxArgs: 3, bind: bindFixed,
			examples: []example{{`{{Cents | divide:100 | fixed:3}}`, `19.990`}, {`{{Cents | multiply:1000 | fixed:2:',':'.'}}`, `1.999.000,00`}},
		},
	}
}

// Limits of numbers, so that no text can make them cost more than they are
// worth.
const (
	maxDigits   = 400 // of a number that is read, and of its exponent's value
	maxBits     = 4096
	maxDecimals = 16 // of a quotient that has no end
)

var (
	errNotNumber = errors.New("the value is not a number")
	errTooLarge  = errors.New("the result is too large")
)

// Number reads a value as an exact decimal.
func Number(v any) (*big.Rat, bool) {
	switch v := v.(type) {
	case int:
		return new(big.Rat).SetInt64(int64(v)), true
	case int64:
		return new(big.Rat).SetInt64(v), true
	case float64:
		return parseNumber(strconv.FormatFloat(v, 'g', -1, 64))
	case json.Number:
		return parseNumber(string(v))
	case string:
		return parseNumber(strings.TrimSpace(v))
	}
	return nil, false
}

// parseNumber takes decimals only: big.Rat would also read fractions, other
// bases, and exponents that fill the memory.
func parseNumber(s string) (*big.Rat, bool) {
	if i, err := strconv.ParseInt(s, 10, 64); err == nil {
		return new(big.Rat).SetInt64(i), true
	}
	mantissa, exponent, scientific := strings.Cut(strings.ToLower(s), "e")
	if scientific {
		if e, err := strconv.Atoi(exponent); err != nil || e > maxDigits || e < -maxDigits {
			return nil, false
		}
	}
	if len(mantissa) > maxDigits || !strings.ContainsAny(mantissa, "0123456789") {
		return nil, false
	}
	if strings.Trim(strings.TrimLeft(mantissa, "+-"), "0123456789.") != "" {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}

// decimal writes r without an exponent and without needless zeros.
func decimal(r *big.Rat) (json.Number, error) {
	if r.Num().BitLen() > maxBits || r.Denom().BitLen() > maxBits {
		return "", errTooLarge
	}
	if r.IsInt() {
		return json.Number(r.Num().String()), nil
	}
	places, exact := r.FloatPrec()
	if !exact {
		places = maxDecimals
	}
	return json.Number(trimZeros(r.FloatString(places))), nil
}

func trimZeros(s string) string {
	if !strings.Contains(s, ".") {
		return s
	}
	s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	if s == "-0" {
		return "0"
	}
	return s
}

// arithmetic makes a function of one number and a fixed operand.
func arithmetic(op func(z, x, y *big.Rat) *big.Rat) func([]string) (apply, error) {
	return func(args []string) (apply, error) {
		y, ok := Number(args[0])
		if !ok {
			return nil, errors.New("the argument is not a number")
		}
		return number(func(x *big.Rat) (json.Number, error) { return decimal(op(x, x, y)) }), nil
	}
}

// number makes a function of one number; an empty text stays as it is.
func number(f func(x *big.Rat) (json.Number, error)) apply {
	return func(v any) (any, error) {
		if v == "" {
			return v, nil
		}
		x, ok := Number(v)
		if !ok {
			return nil, errNotNumber
		}
		return f(x)
	}
}

func bindDivide(args []string) (apply, error) {
	if y, ok := Number(args[0]); ok && y.Sign() == 0 {
		return nil, errors.New("cannot divide by zero")
	}
	exact, err := arithmetic((*big.Rat).Quo)(args)
	y, notWhole := strconv.ParseInt(args[0], 10, 64)
	if err != nil || notWhole != nil {
		return exact, err
	}
	return func(v any) (any, error) {
		if n, ok := v.(json.Number); ok {
			if q, ok := quotient(string(n), y); ok {
				return q, nil
			}
		}
		return exact(v)
	}, nil
}

// maxDivisor leaves room for another digit of the rest.
const maxDivisor = 1 << 59

// quotient divides a whole number as one does by hand, if both are small and the
// quotient has an end. So most amounts are divided, in a tenth of the time.
func quotient(number string, y int64) (json.Number, bool) {
	x, err := strconv.ParseInt(number, 10, 64)
	if err != nil || x < -math.MaxInt64 || y > maxDivisor || y < -maxDivisor {
		return "", false
	}
	b := make([]byte, 0, 24)
	if x < 0 != (y < 0) && x != 0 {
		b = append(b, '-')
	}
	x, y = max(x, -x), max(y, -y)
	b = strconv.AppendInt(b, x/y, 10)
	rest := x % y
	if rest > 0 {
		b = append(b, '.')
	}
	for n := 0; rest > 0; n++ {
		if n == maxDecimals {
			return "", false
		}
		rest *= 10
		b = append(b, byte('0'+rest/y))
		rest %= y
	}
	return json.Number(b), true
}

// bindRound rounds halves away from zero, as people do.
func bindRound(args []string) (apply, error) {
	places := 0
	if len(args) > 0 {
		var err error
		if places, err = strconv.Atoi(args[0]); err != nil || places < 0 || places > maxDecimals {
			return nil, errors.New("the number of decimals is from 0 to " + strconv.Itoa(maxDecimals))
		}
	}
	return number(func(x *big.Rat) (json.Number, error) {
		return json.Number(trimZeros(x.FloatString(places))), nil
	}), nil
}

// integer makes a function that gives a whole number.
func integer(f func(*big.Rat) *big.Int) func([]string) (apply, error) {
	return func([]string) (apply, error) {
		return number(func(x *big.Rat) (json.Number, error) { return decimal(new(big.Rat).SetInt(f(x))) }), nil
	}
}

func floor(x *big.Rat) *big.Int { return new(big.Int).Div(x.Num(), x.Denom()) } // a denominator is positive

func ceiling(x *big.Rat) *big.Int { return new(big.Int).Neg(floor(new(big.Rat).Neg(x))) }

func bindAbsolute([]string) (apply, error) {
	return number(func(x *big.Rat) (json.Number, error) { return decimal(x.Abs(x)) }), nil
}

func bindModulo(args []string) (apply, error) {
	y, ok := Number(args[0])
	if !ok || y.Sign() == 0 {
		return nil, errors.New("the argument is not a number other than zero")
	}
	return number(func(x *big.Rat) (json.Number, error) {
		times := new(big.Rat).SetInt(floor(new(big.Rat).Quo(x, y)))
		return decimal(x.Sub(x, times.Mul(times, y)))
	}), nil
}

// bound makes a function that keeps a number on one side, the sign's, of another.
func bound(sign int) func([]string) (apply, error) {
	return func(args []string) (apply, error) {
		y, ok := Number(args[0])
		if !ok {
			return nil, errors.New("the argument is not a number")
		}
		return number(func(x *big.Rat) (json.Number, error) {
			if x.Cmp(y) == -sign {
				return decimal(y)
			}
			return decimal(x)
		}), nil
	}
}

func bindFixed(args []string) (apply, error) {
	places, err := strconv.Atoi(args[0])
	if err != nil || places < 0 || places > maxDecimals {
		return nil, errors.New("the number of decimals is from 0 to " + strconv.Itoa(maxDecimals))
	}
	point, group := ".", ""
	if len(args) > 1 {
		point = args[1]
	}
	if len(args) > 2 {
		group = args[2]
	}
	f := number(func(x *big.Rat) (json.Number, error) { return json.Number(x.FloatString(places)), nil })
	return func(v any) (any, error) {
		v, err := f(v)
		if err != nil || v == "" {
			return v, err
		}
		return grouped(Text(v), point, group), nil
	}, nil
}

// grouped writes a decimal with a point and something between thousands.
func grouped(s, point, group string) string {
	if strings.Trim(s, "-0.") == "" {
		s = strings.TrimPrefix(s, "-")
	}
	whole, rest, _ := strings.Cut(s, ".")
	digits := strings.TrimPrefix(whole, "-")
	var b strings.Builder
	b.WriteString(whole[:len(whole)-len(digits)])
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(group)
		}
		b.WriteRune(d)
	}
	if rest != "" {
		b.WriteString(point + rest)
	}
	return b.String()
}
