package tandem

import "time"

// ConnectorWait is for how long nobody calls through an account connector, because
// the third party answered that there were too many requests.
type ConnectorWait struct {
	Account   AccountID // that owns the account connector
	Connector AccountConnectorID
	Until     time.Time
	Tries     int  // waits so far, this one included, without another answer between
	Probing   bool // one call is made, to see whether it is over; if nothing is heard of it until then, another
}
