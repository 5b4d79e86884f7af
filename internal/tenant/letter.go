package tenant

import (
	"fmt"
	"strings"

	"github.com/tandem-ipaas/tandem"
)

// line is text on one line, cut to a length that a subject may have.
func line(text string) string {
	const longest = 100
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) > longest {
		return string(runes[:longest]) + "…"
	}
	return string(runes)
}

func invitationLetter(email, account, link string) tandem.Letter {
	return tandem.Letter{
		To: email, Subject: "You are invited to " + line(account), Link: link, LinkText: "Accept the invitation",
		Paragraphs: []string{
			fmt.Sprintf("You are invited to work in the account %s.", line(account)),
			"The link works once, and for seven days. If you did not expect this, there is nothing that you have to do.",
		},
	}
}

func resetLetter(u tandem.User, link string) tandem.Letter {
	return tandem.Letter{
		To: u.Email, Security: true, Subject: "Choose a new password", Link: link, LinkText: "Choose a new password",
		Paragraphs: []string{
			fmt.Sprintf("Somebody, most likely you, has asked for a new password for %s.", line(u.Username)),
			"The link works once, and for an hour. If it was not you, there is nothing that you have to do: your password stays as it is.",
		},
	}
}

func emailLetter(u tandem.User, email, link string) tandem.Letter {
	return tandem.Letter{
		To: email, Subject: "Confirm your address", Link: link, LinkText: "Confirm the address",
		Paragraphs: []string{
			fmt.Sprintf("The user %s wants to have mail sent to this address.", line(u.Username)),
			"The link works once, and for a day. If it was not you, there is nothing that you have to do.",
		},
	}
}

func movedLetter(u tandem.User, was string) tandem.Letter {
	return tandem.Letter{
		To: was, Security: true, Subject: "Your address was changed",
		Paragraphs: []string{
			fmt.Sprintf("Mail for the user %s is no longer sent to this address.", line(u.Username)),
			"If that was not meant to be, tell those who gave you access.",
		},
	}
}

func changedLetter(u tandem.User) tandem.Letter {
	return tandem.Letter{
		To: u.Email, Security: true, Subject: "Your password was changed",
		Paragraphs: []string{
			fmt.Sprintf("The user %s has a new password.", line(u.Username)),
			"If that was not you, choose another one by “I forgot my password”, and tell those who gave you access.",
		},
	}
}
