package utility

import (
	"strings"
	"unicode"
)

// writing are reserved words that a statement which reads has none of: with them it
// changes something, ends the transaction that it is in, or reaches past it.
const writing = " ALTER BACKUP BEGIN BULK CHECKPOINT COMMIT CREATE DBCC DECLARE DELETE DENY DROP EXEC EXECUTE GRANT IF INSERT INTO KILL " +
	"OPENDATASOURCE OPENQUERY OPENROWSET RECONFIGURE RESTORE REVERT REVOKE ROLLBACK SAVE SET SHUTDOWN TRUNCATE UPDATE WHILE "

// onlyReads says what of a text is not of one statement that reads, SELECT or WITH;
// "" for nothing. It is for databases that have no transactions which only read, and
// knows of a statement no more than its words: statements need nothing between them.
func (s syntax) onlyReads(text string) string {
	first, ended := "", false
	for at := 0; at < len(text); {
		if end := s.skip(text, at); end > at {
			if text[at] == '-' && strings.Contains(strings.TrimSuffix(text[at:end], "\r\n"), "\r") {
				return "a comment with a line's end in it"
			}
			at = end
			continue
		}
		if text[at] == ';' {
			ended = first != ""
			at++
			continue
		}
		word := text[at : at+wordLength(text[at:])]
		if word == "" {
			at++
			continue
		}
		at += len(word)
		word = strings.ToUpper(word)
		switch found := forbidden(word); {
		case found != "":
			return found
		case ended:
			return "a second statement"
		case first == "" && word != "SELECT" && word != "WITH":
			return word
		}
		first = "there"
	}
	return ""
}

// wordLength is that of the word that text begins with.
func wordLength(text string) int {
	end := strings.IndexFunc(text, func(r rune) bool {
		return r != '_' && r != '@' && r != '#' && r != '$' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
	if end < 0 {
		return len(text)
	}
	return end
}

// forbidden is the word of those above that a word is, or a number ends in: 1COMMIT
// is two words.
func forbidden(word string) string {
	if strings.Contains(writing, " "+word+" ") {
		return word
	}
	if c := word[0]; c != '$' && (c < '0' || c > '9') {
		return ""
	}
	for w := range strings.FieldsSeq(writing) {
		if strings.HasSuffix(word, w) {
			return w
		}
	}
	return ""
}
