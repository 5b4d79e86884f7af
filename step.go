package tandem

import (
	"net/http"
	"strings"
	"time"
)

// ActionType is the kind of a step.
type ActionType int

// The kinds of steps, with the numbers that the API knows them by.
const (
	ActionStep              ActionType = 1 // calls a method
	WebhookStep             ActionType = 2 // starts with a request to its URL
	DecisionStep            ActionType = 3 // two exits, True and False
	DelayStep               ActionType = 4 // these two wait
	WaitUntilStep           ActionType = 5
	WaitAllStep             ActionType = 6 // goes on once, when all before it has ended
	AnnotationStep          ActionType = 7 // a note to people; it does not run
	SynchronousResponseStep ActionType = 8 // answers who called the webhook
)

// ActionTypes are the names of the kinds of steps.
var ActionTypes = map[ActionType]string{
	ActionStep: "Action", WebhookStep: "Webhook", DecisionStep: "Decision", DelayStep: "Delay", WaitUntilStep: "WaitUntil",
	WaitAllStep: "WaitAll", AnnotationStep: "Annotation", SynchronousResponseStep: "SynchronousResponse",
}

// String is the kind's name in the API.
func (t ActionType) String() string { return ActionTypes[t] }

// Calls says that steps of the kind call a method.
func (t ActionType) Calls() bool { return t == ActionStep || t == WebhookStep }

// MaxStepScript is the most bytes of a step's script.
const MaxStepScript = 64 << 10

// Step is a node of a graph.
type Step struct {
	ID          StepID `json:"Id"`
	Origin      StepID `json:"OriginId,omitempty"` // of an installed cycle: the template's step
	Name        string
	Description string `json:",omitempty"`
	ActionType  ActionType
	Connector   string `json:",omitempty"` // Ref of a ConnectorRef of the graph
	Method      string `json:",omitempty"` // MethodUniqueIdentifier

	Parameters []Mapping `json:",omitempty"`
	Fields     []Mapping `json:",omitempty"`
	Decision   *Decision `json:",omitempty"`

	// Script is JavaScript: handlers of events, beside the connector's and the
	// method's. At most MaxStepScript bytes.
	Script string `json:",omitempty"`

	StepErrorAction     StepErrorAction     `json:",omitempty"`
	Retries             int                 `json:",omitempty"` // with RetryStep: 1 to MaxRetries
	CollectionSplitType CollectionSplitType `json:",omitempty"`

	Delay  *Delay   `json:",omitempty"` // of a Delay: how long it waits
	Until  *Mapping `json:",omitempty"` // of a WaitUntil: the date-time that it waits for
	Match  *Match   `json:",omitempty"` // of a Webhook that is not the first: whom a request is for
	Answer *Answer  `json:",omitempty"` // of a SynchronousResponse; its body are Fields, or Answer's own

	DisplayPositionLeft int `json:",omitempty"`
	DisplayPositionTop  int `json:",omitempty"`
}

// Delay is how long a step waits.
type Delay struct {
	Interval int // from 1
	Unit     DelayUnit
}

// MaxDelay is how long a step can wait.
const MaxDelay = 52 * 7 * 24 * time.Hour

// Duration is how long that is; 0: it is not a delay, or a longer one than
// MaxDelay.
func (d Delay) Duration() time.Duration {
	unit := delayUnits[d.Unit]
	if unit == 0 || d.Interval < 1 || d.Interval > int(MaxDelay/unit) {
		return 0
	}
	return time.Duration(d.Interval) * unit
}

// DelayUnit is what a delay is counted in.
type DelayUnit string

// The units of delays.
const (
	Seconds DelayUnit = "Seconds"
	Minutes DelayUnit = "Minutes"
	Hours   DelayUnit = "Hours"
	Days    DelayUnit = "Days"
	Weeks   DelayUnit = "Weeks"
)

// DelayUnits are all of them, the shortest first.
var DelayUnits = []DelayUnit{Seconds, Minutes, Hours, Days, Weeks}

var delayUnits = map[DelayUnit]time.Duration{
	Seconds: time.Second, Minutes: time.Minute, Hours: time.Hour, Days: 24 * time.Hour, Weeks: 7 * 24 * time.Hour,
}

// Match says for which of the transactions that a webhook step holds a request
// is: the newest whose key is the value of the request's field.
type Match struct {
	Field string  // location in the request's data
	Key   Mapping // of the transaction
}

// Answer is what a SynchronousResponse step tells the caller of the cycle's webhook.
type Answer struct {
	Status      int       `json:",omitempty"` // 200 to 599; 0: 200
	ContentType string    `json:",omitempty"` // "": application/json
	Headers     []Mapping `json:",omitempty"` // Target is the header's name
	Body        *Mapping  `json:",omitempty"` // in place of the step's Fields: text
}

// AnswerType says whether a media type is one that callers of webhooks are answered
// with: data, of which a browser runs nothing in the name of this domain.
func AnswerType(kind string) bool {
	switch kind {
	case "application/json", "text/plain", "text/xml", "application/xml", "application/x-www-form-urlencoded":
		return true
	}
	return strings.HasSuffix(kind, "+json")
}

// proxyHeaders are what the headers begin with by which answers have a proxy send
// something else.
var proxyHeaders = []string{"X-Accel-", "X-Sendfile", "X-Lighttpd-", "X-Reproxy-"}

// AnswerHeader gives the canonical name of a header, and says whether callers of
// webhooks may be answered with it: those that say what the content is, and those of
// its author's own.
func AnswerHeader(name string) (canonical string, ok bool) {
	canonical = http.CanonicalHeaderKey(name)
	switch canonical {
	case "Content-Type", "Content-Language", "Cache-Control":
		return canonical, true
	case "X-Frame-Options": // of browsers
		return canonical, false
	}
	for _, proxy := range proxyHeaders {
		if strings.HasPrefix(canonical, proxy) {
			return canonical, false
		}
	}
	return canonical, strings.HasPrefix(canonical, "X-")
}
