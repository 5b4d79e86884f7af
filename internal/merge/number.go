package merge

import (
	"encoding/json"
	"errors"
	"math/big"
	"strconv"
	"strings"
)

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
	return arithmetic((*big.Rat).Quo)(args)
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
