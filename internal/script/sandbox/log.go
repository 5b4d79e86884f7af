package sandbox

import (
	"strings"
	"unicode/utf8"
)

// What of the console is kept.
const (
	maxLines   = 200
	maxLine    = 4 << 10  // bytes
	maxLogging = 64 << 10 // bytes, of one message
)

// logbook counts what a message's scripts have logged.
type logbook struct{ lines, size int }

// cut is as much of a line as may still be kept; nothing if nothing may.
func (l *logbook) cut(line string) (string, bool) {
	if l.lines > maxLines || l.size > maxLogging {
		return "", false
	}
	l.lines++
	if l.lines > maxLines || l.size+min(len(line), maxLine) > maxLogging {
		l.size = maxLogging + 1
		return "… and more, which is not kept", true
	}
	if len(line) > maxLine {
		end := maxLine
		for !utf8.RuneStart(line[end]) {
			end--
		}
		line = line[:end] + "…"
	}
	l.size += len(line)
	return strings.ToValidUTF8(line, "\ufffd"), true
}
