package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/tandem-ipaas/tandem"
)

// labels is the text that a list of cycles or templates is searched by: a line
// for each tag, one for each connector with a tab before its version, and the
// name last, all folded.
func labels(name string, tags []string, used []tandem.ConnectorRef) string {
	var b strings.Builder
	for _, t := range tags {
		b.WriteString("\ntag:" + folded(t))
	}
	for _, c := range used {
		b.WriteString("\nconnector:" + folded(c.Name) + "\t" + folded(c.Version))
	}
	b.WriteString("\nname:" + folded(name))
	return b.String()
}

var plain = strings.NewReplacer("\n", " ", "\t", " ")

// folded is s as searches see it, on one line.
func folded(s string) string { return tandem.Fold(plain.Replace(s)) }

// likeTag is the pattern for labels that have a tag; "" is had by all.
func likeTag(tag string) string {
	if tag == "" {
		return "%"
	}
	return "%\ntag:" + likeFolded(tag) + "\n%"
}

// likeConnector is the pattern for labels that have a connector of a name and
// version; "" is had by all.
func likeConnector(name, version string) string {
	pattern := "%"
	if name != "" {
		pattern += "\nconnector:" + likeFolded(name)
	}
	if name != "" || version != "" {
		pattern += "\t"
	}
	if version != "" {
		pattern += likeFolded(version) + "\n"
	}
	return pattern + "%"
}

// likeName is the pattern for labels whose name has part in it.
func likeName(part string) string { return "%\nname:%" + likeFolded(part) + "%" }

func likeFolded(s string) string { return likeEscapes.Replace(folded(s)) }

// having narrows a table of a partner's own to the rows that have query in their
// text. It is for tables that are short for each partner: all of their texts are
// looked at here, as only this folds them alike on both databases.
func (s *Store) having(ctx context.Context, table, text string, p tandem.PartnerID, query string) (*conditions, error) {
	c := &conditions{}
	c.add("partner = ", p)
	if query == "" {
		return c, nil
	}
	found, part := []string{"0"}, folded(query) // no row has the id 0
	_, err := rows(ctx, s.read(), func(r scanner) (id int64, err error) {
		var text string
		if err := r.Scan(&id, &text); err != nil {
			return 0, err
		}
		if strings.Contains(folded(text), part) {
			found = append(found, strconv.FormatInt(id, 10))
		}
		return id, nil
	}, "SELECT id, "+text+" FROM "+table+c.where(), c.args...)
	if err != nil {
		return nil, fmt.Errorf("search %s: %w", table, err)
	}
	c.all = append(c.all, "id IN ("+strings.Join(found, ", ")+")")
	return c, nil
}
