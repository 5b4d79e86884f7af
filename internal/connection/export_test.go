package connection

import (
	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
)

// CheckAuthValue says whether a takes a value.
func CheckAuthValue(a *connector.Authentication, value string) error {
	return authenticate(&tandem.AccountConnector{}, a, tandem.Secret(value))
}
