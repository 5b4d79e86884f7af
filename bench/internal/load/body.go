package load

import (
	"fmt"
	"strconv"
	"time"
)

// Body appends the JSON body of request number n, sent at t, to dst. Bodies of
// all requests are of one length.
type Body func(dst []byte, n int64, t time.Time) []byte

const (
	filler = "The parcel is to be left with the neighbour at number forty two if nobody answers the door; ring twice and wait a minute before leaving. "

	eventRest = `,"type":"order.created"` +
		`,"customer":{"first_name":"Ada","last_name":"Lovelace","email":"ADA@Example.com","phone":"+44 20 7946 0000","id":"cus-884213"}` +
		`,"order":{"number":"SO-10001","currency":"GBP","total_cents":129950,"lines":[` +
		`{"sku":"AB-1001","qty":2,"price_cents":24950,"title":"Analytical engine, brass"},` +
		`{"sku":"AB-1002","qty":1,"price_cents":30050,"title":"Punched cards, box of 500"},` +
		`{"sku":"AB-1003","qty":5,"price_cents":10000,"title":"Difference engine oil"}]}` +
		`,"address":{"street":"12 St James Square","city":"London","postcode":"SW1Y 4JH","country":"gb"}` +
		`,"meta":{"source":"shop","campaign":"autumn","ip":"127.0.0.1","ua":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"}` +
		`,"note":"` + filler + filler + `"}`

	itemRest = `,"first_name":"Ada","last_name":"Lovelace","email":"ADA@Example.com","total_cents":129950,"country":"gb","note":"` + filler + `"}`
)

// Event is an order of about 1 KB: the body of works A and C.
func Event(dst []byte, n int64, t time.Time) []byte {
	dst = fmt.Appendf(dst, `{"id":"evt-%010d","t0":`, n)
	dst = strconv.AppendInt(dst, t.UnixMicro(), 10)
	return append(dst, eventRest...)
}

// Items makes bodies of count records of about 300 bytes: the body of work B.
func Items(count int) Body {
	return func(dst []byte, n int64, t time.Time) []byte {
		dst = append(dst, `{"items":[`...)
		for i := range count {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = fmt.Appendf(dst, `{"id":"itm-%05d-%06d","t0":`, n, i)
			dst = strconv.AppendInt(dst, t.UnixMicro(), 10)
			dst = append(dst, itemRest...)
		}
		return append(dst, `]}`...)
	}
}
