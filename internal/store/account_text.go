package store

import "bytes"

// texts are what is searched of accounts, one behind another, each with a line
// feed behind it: memory is searched fastest from one end to the other. It is
// only added to, so that who has a copy of the value reads on while that happens.
type texts struct {
	all  []byte
	ends []int // of each text, with its line feed; its index is the text's slot
}

// add puts a text at the end, and gives its slot.
func (t *texts) add(text string) int {
	t.all = append(append(t.all, text...), '\n')
	t.ends = append(t.ends, len(t.all))
	return len(t.ends) - 1
}

// having says by slot which texts have query in them.
func (t *texts) having(query string) []bool {
	found, part := make([]bool, len(t.ends)), []byte(query)
	for slot, at := 0, 0; ; slot, at = slot+1, t.ends[slot] {
		i := bytes.Index(t.all[at:], part)
		if i < 0 {
			return found
		}
		for at += i; t.ends[slot] <= at; {
			slot++
		}
		found[slot] = true
	}
}
