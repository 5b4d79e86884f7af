// Package recording keeps what an API really said: an exchange of one method,
// with what was given, what was requested and what was answered, as a JSON file
// in the testdata of its connector. Played again, the method has to make the same
// request of the same input, and the same document of the same answer.
//
// # The file
//
//	{
//	  "Method": "Get Contact",
//	  "Authentication": "API key",
//	  "Properties": {"BaseUrl": "https://crm.example.com"},
//	  "Parameters": {"ContactId": "1"},
//	  "Body": null,
//	  "Request": {"HttpMethod": "GET", "Url": "https://crm.example.com/api/contacts/1", "Headers": {"X-Api-Key": "***"}},
//	  "Response": {"Status": 200, "Body": {"id": 1}},
//	  "Document": {"id": 1}
//	}
//
// Authentication is the name of one of the connector's ways to authenticate; by
// default the first. Credentials are never in a file: a stand-in is used, and the
// recorded request shows ***. Of the answer, a Body that is text is sent as it is,
// anything else as JSON. Document may be left out where it is the Body.
//
// # Playing
//
// The definition's hosts become folders of a server on loopback, so that
// https://api.example.com/v1 is called as http://127.0.0.1:PORT/api.example.com/v1;
// what was recorded names the real ones.
package recording
