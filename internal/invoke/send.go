package invoke

import (
	"bytes"
	"context"
	"io"
	"net/http"

	"github.com/tandem-ipaas/tandem/internal/body"
	"github.com/tandem-ipaas/tandem/internal/egress"
)

// request makes the HTTP request of what was built.
func (x *exchange) request(ctx context.Context, address string) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, x.plan.verb, address, nil)
	if err != nil {
		return nil, buildError("the address is not valid")
	}
	if req.URL.Host == "" || req.URL.User != nil {
		return nil, buildError("the address must begin with http:// or https:// and a host, without a user")
	}
	req.URL.Fragment, req.URL.RawFragment = "", ""
	req.Header = x.header
	switch {
	case x.content.text != nil:
		req.ContentLength = int64(len(x.content.text))
		req.GetBody = x.reader
		req.Body, _ = x.reader()
	case x.content.stream.Open != nil:
		req.ContentLength = x.content.stream.Length
		req.GetBody = func() (io.ReadCloser, error) { return x.content.stream.Open(ctx) }
		if req.Body, err = req.GetBody(); err != nil {
			return nil, buildError("body: %v", err)
		}
		if req.ContentLength == 0 {
			req.Body = http.NoBody
		}
	}
	if len(x.access.fields) > 0 {
		req.GetBody = nil // no redirect takes the credentials along
	}
	return req, nil
}

// send sends the request and reads the answer. What was recorded of it is there
// with an error, too.
func (x *exchange) send(ctx context.Context, req *http.Request) error {
	client := x.client
	if x.access.client != nil {
		client = x.access.client
	}
	x.asked = req.URL
	if x.plan.request.files || x.plan.response.files {
		return x.stream(ctx, client.Within(x.options.FileSize, x.options.FileTime), req)
	}
	resp, err := client.Do(req)
	if err != nil {
		return notAnswered(err)
	}
	return x.receive(ctx, resp)
}

// maxText is the most that is read of an answer that is no success.
const maxText = 1 << 20

// stream reads an answer with files as it comes.
func (x *exchange) stream(ctx context.Context, client *egress.Client, req *http.Request) error {
	resp, err := client.Open(req)
	if err != nil {
		return notAnswered(err)
	}
	defer resp.Body.Close()
	if !success(resp.StatusCode) || !x.plan.response.files {
		limit := x.options.FileSize
		if !success(resp.StatusCode) {
			limit = maxText
		}
		text, err := io.ReadAll(io.LimitReader(resp.Body, limit))
		if err != nil {
			return notAnswered(err)
		}
		return x.receive(ctx, &egress.Response{Status: resp.StatusCode, Header: resp.Header, Body: text})
	}
	x.note(resp.StatusCode, resp.Header)
	return x.decode(ctx, resp.Header, resp.Body, x.options.FileSize)
}

// decode makes the answer's document.
func (x *exchange) decode(ctx context.Context, h http.Header, r io.Reader, limit int64) error {
	doc, err := x.plan.response.Decode(ctx, body.Source{
		Body: r, Limit: limit, ContentType: h.Get("Content-Type"), Disposition: h.Get("Content-Disposition"), Path: x.asked.Path,
	}, x.files())
	if err != nil {
		return answerError(err)
	}
	return x.conceive(doc)
}

// receive takes an answer that is in memory.
func (x *exchange) receive(ctx context.Context, resp *egress.Response) error {
	x.note(resp.Status, resp.Header)
	to := x.result.Response
	switch {
	case !success(resp.Status):
		to.Body = x.secrets.bytes(resp.Body)
		return x.refusal(ctx, resp)
	case x.plan.response.none:
		to.Body = x.secrets.bytes(resp.Body)
		return nil
	case !x.plan.response.json:
		err := x.decode(ctx, resp.Header, bytes.NewReader(resp.Body), int64(len(resp.Body)))
		if err != nil {
			to.Body = x.secrets.bytes(resp.Body)
		}
		return err
	}
	to.Body = bytes.TrimSpace(bytes.TrimPrefix(resp.Body, []byte("\ufeff")))
	return x.receiveJSON()
}

// receiveJSON keeps the text as it is, where it may.
func (x *exchange) receiveJSON() error {
	to := x.result.Response
	x.answer = answer{text: to.Body}
	if !x.secrets.suspect(to.Body) {
		if x.plan.paging != nil {
			_, err := x.answer.document()
			return err
		}
		return checkJSON(to.Body)
	}
	doc, err := x.answer.document()
	if err != nil {
		to.Body = x.secrets.bytes(to.Body)
		return err
	}
	doc, found := x.secrets.document(doc)
	if !found {
		return nil
	}
	return x.conceive(doc)
}
