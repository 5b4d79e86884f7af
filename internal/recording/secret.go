package recording

import (
	"fmt"
	"regexp"
	"strings"
)

// secretForms are texts that nobody makes up.
var secretForms = regexp.MustCompile(strings.Join([]string{
	`(?:sk|rk|pk)_(?:live|test)_[0-9A-Za-z]{10,}`,      // Stripe
	`xox[abeoprs]-[0-9A-Za-z-]{10,}`,                   // Slack
	`\b(?:AKIA|ASIA)[0-9A-Z]{16}\b`,                    // AWS
	`\bAIza[0-9A-Za-z_-]{35}`,                          // Google
	`\bya29\.[0-9A-Za-z_-]{20,}`,                       // Google
	`\bgh[opsu]_[0-9A-Za-z]{30,}`,                      // GitHub
	`\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{20,}`,            // Shopify
	`\bpat-[a-z0-9]{2,4}-[0-9a-f-]{30,}`,               // HubSpot
	`\b[0-9a-f]{32}-us\d{1,2}\b`,                       // Mailchimp
	`\b00D[0-9A-Za-z]{12,15}![0-9A-Za-z._]{20,}`,       // Salesforce
	`\beyJ[0-9A-Za-z_-]{10,}\.eyJ[0-9A-Za-z_-]{10,}\.`, // JWT
	`-----BEGIN [A-Z ]*PRIVATE KEY-----`,
	`(?i)\b(?:bearer|basic|token)\s+[0-9A-Za-z+/=._~-]{12,}`,
}, "|"))

// secretNames are members whose value is a secret, unless it is hidden.
var secretNames = regexp.MustCompile(`(?i)"(?:authorization|x-api-key|api_?key|apikey|access_?token|refresh_?token|client_?secret|password|passwd|secret|private_?key|set-cookie|cookie)"\s*:\s*"([^"]+)"`)

// Secrets finds what looks like a secret, or a person's real address, in the text
// of a recording. Hidden ones, ***, are none, nor is what is plainly made up.
func Secrets(text []byte) (found []string) {
	for _, form := range secretForms.FindAllString(string(text), -1) {
		found = append(found, fmt.Sprintf("%.12s…", form))
	}
	for _, member := range secretNames.FindAllStringSubmatch(string(text), -1) {
		if v := member[1]; !strings.Contains(v, "***") && !strings.Contains(v, "example") && !strings.Contains(v, standIn) {
			found = append(found, fmt.Sprintf("%.24s…", member[0]))
		}
	}
	for _, address := range addresses.FindAllString(string(text), -1) {
		domain := strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
		if !madeUp.MatchString(domain) {
			found = append(found, address)
		}
	}
	return found
}

var (
	addresses = regexp.MustCompile(`[0-9A-Za-z._%+-]+@[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)+`)
	madeUp    = regexp.MustCompile(`(?:^|\.)(?:example|test|invalid|localhost|example\.(?:com|org|net)|iam\.gserviceaccount\.com)$`)
)
