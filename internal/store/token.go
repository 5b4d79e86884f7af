package store

import (
	"context"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
)

const tokenName = "Token"

// tokenMark is how many bytes of a token's hash name it in lists: too many to be
// another's, and too few to look the token up by.
const tokenMark = 16

var tokenOrders = orders{
	"": {"t.issued_at DESC", "t.hash"}, "IssuedDate": {"t.issued_at", "t.hash"}, "ExpiresDate": {"t.expires_at", "t.hash"},
}

// Tokens lists the tokens of a client that work yet, newest first.
//
// Errors: Invalid (OrderBy).
func (s *Store) Tokens(ctx context.Context, p tandem.PartnerID, client string, now time.Time, r tandem.PageRequest) (tandem.Page[tandem.LiveToken], error) {
	c := &conditions{}
	c.add("t.client = ", client)
	c.add("t.partner = ", p)
	c.add("t.expires_at > ", micros(now))
	columns := fmt.Sprintf("substr(t.hash, 1, %d), a.api_id, a.name, t.issued_at, t.expires_at", tokenMark)
	return page(ctx, s.read(), scanToken, columns, "access_token t LEFT JOIN account a ON a.id = t.account", c, tokenOrders, r)
}

func scanToken(r scanner) (t tandem.LiveToken, err error) {
	var mark []byte
	var issued, expires int64
	err = r.Scan(&mark, &t.AccountID, &t.AccountName, &issued, &expires)
	t.ID, t.Issued, t.Expires = hex.EncodeToString(mark), instant(issued), instant(expires)
	return t, err
}

// DeleteToken forgets one of a client's tokens. Errors: NotFound.
func (s *Store) DeleteToken(ctx context.Context, p tandem.PartnerID, client, token string) error {
	mark, err := hex.DecodeString(token)
	if err != nil || len(mark) != tokenMark {
		return tandem.NotFoundf("%s could not be found.", tokenName)
	}
	return s.change(ctx, tokenName, fmt.Sprintf(`DELETE FROM access_token WHERE client = $1 AND partner = $2 AND substr(hash, 1, %d) = $3`, tokenMark), client, p, mark)
}
