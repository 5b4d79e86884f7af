package library

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/client"
	"github.com/tandem-ipaas/tandem/e2e/fake"
)

func TestSlack(t *testing.T) {
	api := fake.NewSlack("slack-test-token", 450)
	w := newWorld(t, []string{"slack"}, api.Hosts()...)
	slack := w.install("Slack", client.Install{AuthenticationID: w.wayOf("Slack", "ApiKey"), AuthValue: "slack-test-token"})

	if all := slack.at(slack.call("List Channels", nil, nil), "[channels].id").([]any); len(all) != 450 {
		t.Errorf("%d channels", len(all))
	}
	choices := slack.lookUp("People")
	if !cmp.Equal(choices, []client.Choice{{Name: "Ada", Value: "U000"}, {Name: "Grace", Value: "U001"}}) {
		t.Errorf("choices %v", choices)
	}
	posted := slack.call("Post Message", nil, values{"channel": "C007", "text": "The engine *runs*.", "[blocks].type": []any{"divider"}})
	ts := slack.at(posted, "ts")
	slack.call("Update Message", nil, values{"channel": "C007", "ts": ts, "text": "It stands."})
	slack.call("Add Reaction", nil, values{"channel": "C007", "timestamp": ts, "name": "thumbsup"})
	if got := api.Messages("C007"); len(got) != 1 || got[0]["text"] != "It stands." {
		t.Errorf("messages %v", got)
	}
	if texts := slack.at(slack.call("List Messages", values{"channel": "C007"}, nil), "[messages].text"); !cmp.Equal(texts, any([]any{"It stands."})) {
		t.Errorf("texts %v", texts)
	}
	slack.call("Delete Message", nil, values{"channel": "C007", "ts": ts})
	channel := slack.at(slack.call("Create Channel", nil, values{"name": "engines", "is_private": true}), "channel.id")
	slack.call("Join Channel", nil, values{"channel": channel})
	user := slack.at(slack.call("Find User by Email", values{"email": "grace@example.com"}, nil), "user.id")
	slack.call("Invite to Channel", nil, values{"channel": channel, "users": user})

	const content = "first line\nsecond"
	begun := slack.call("Begin File Upload", nil, values{"filename": "notes.txt", "length": len(content)})
	slack.call("Upload File", values{"UploadId": slack.at(begun, "upload_id")}, values{"File": map[string]any{"FileName": "notes.txt", "Content": content}})
	id := slack.at(begun, "file_id").(string)
	slack.call("Complete File Upload", nil, values{"[files].id": []any{id}, "[files].title": []any{"Notes"}, "channel_id": channel})
	if got := api.Uploaded(id); got != content {
		t.Errorf("uploaded %q", got)
	}

	// What the API calls an error is one, whatever the status says.
	_, err := slack.try("Post Message", nil, values{"channel": "C999", "text": "?"})
	slack.refused(err, "Slack says: channel_not_found")
	wrong := w.install("Slack", client.Install{AuthenticationID: slack.way("ApiKey"), AuthValue: "another"})
	_, err = wrong.try("List Users", nil, nil)
	wrong.refused(err, "Slack says: invalid_auth")
}
