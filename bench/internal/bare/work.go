package bare

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const fan = 32 // deliveries of one list under way at once

type object = map[string]any

type caller struct {
	client *http.Client
	sink   string
}

func newCaller(sink string) *caller {
	t := &http.Transport{MaxIdleConns: 1024, MaxIdleConnsPerHost: 1024, DisableCompression: true}
	return &caller{client: &http.Client{Transport: t, Timeout: 30 * time.Second}, sink: sink}
}

func (c *caller) works() map[string]work {
	return map[string]work{"/a": c.mapAndPost, "/b": c.splitAndPost, "/c": c.lookUpAndPost}
}

func (c *caller) mapAndPost(event []byte) ([]byte, error) {
	var e object
	if err := json.Unmarshal(event, &e); err != nil {
		return nil, err
	}
	return c.post(mapEvent(e))
}

func (c *caller) splitAndPost(event []byte) ([]byte, error) {
	var e struct{ Items []object }
	if err := json.Unmarshal(event, &e); err != nil {
		return nil, err
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	errs := make([]error, fan)
	for w := range errs {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(e.Items)); i = next.Add(1) - 1 {
				if _, err := c.post(mapItem(e.Items[i])); err != nil {
					errs[w] = err
				}
			}
		})
	}
	wg.Wait()
	return fmt.Appendf(nil, `{"items":%d}`, len(e.Items)), errors.Join(errs...)
}

func (c *caller) lookUpAndPost(event []byte) ([]byte, error) {
	var e object
	if err := json.Unmarshal(event, &e); err != nil {
		return nil, err
	}
	answer, err := read(c.client.Get(c.sink + "/stub/lookup?id=" + text(e, "id")))
	if err != nil {
		return nil, err
	}
	var found struct{ Tier string }
	if err := json.Unmarshal(answer, &found); err != nil {
		return nil, err
	}
	if found.Tier != "gold" {
		return []byte(`{"skipped":true}`), nil
	}
	out := mapEvent(e)
	out["tier"] = found.Tier
	return c.post(out)
}

func (c *caller) post(v object) ([]byte, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return read(c.client.Post(c.sink+"/sink", "application/json", bytes.NewReader(b)))
}

// read takes what a client's call returns.
func read(resp *http.Response, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode/100 != 2 {
		err = fmt.Errorf("answered %s", resp.Status)
	}
	return b, err
}

func mapEvent(e object) object {
	return mapped(e, part(e, "customer"), part(e, "order"), part(e, "address"))
}

func mapItem(e object) object { return mapped(e, e, e, e) }

func mapped(event, customer, order, address object) object {
	return object{
		"externalId": event["id"],
		"fullName":   text(customer, "first_name") + " " + text(customer, "last_name"),
		"email":      strings.ToLower(text(customer, "email")),
		"total":      number(order, "total_cents") / 100,
		"country":    strings.ToUpper(text(address, "country")),
		"t0":         int64(number(event, "t0")),
	}
}

func part(o object, name string) object {
	v, _ := o[name].(object)
	return v
}

func text(o object, name string) string {
	v, _ := o[name].(string)
	return v
}

func number(o object, name string) float64 {
	v, _ := o[name].(float64)
	return v
}
