package wild

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/connector/openapi"
)

// specs is a module with documents of many.
const (
	specs    = "github.com/pb33f/libopenapi@v0.42.3"
	specsSum = "h1:0VXnFgz04LtWjIsmCqGYA5E2Mx0DOZcOTjy5KHYw88k="
)

// found is what there must be of a document: counts, ways to authenticate, and one
// method as somebody who read the document expects it.
type found struct {
	source
	format          string
	operations      int
	methods         int
	authentications []string // name: type
	verb, endpoint  string   // of the method; of a webhook its name
	name            string
	bodies          string   // of request > response
	parameters      []string // some of them: target name type
	request         []string // some of the fields: location type
	response        []string
	note            string // some place and message of the report
}

var documents = []found{
	{
		source: source{module: "github.com/stripe/stripe-mock@v0.203.0", sum: "h1:EzW7nb/fphqcAkgVRHAaC88OaAZo6SBWSl54cflDTio=", file: "embedded/openapi/spec3.json"},
		format: "3.0.0", operations: 594, methods: 594, authentications: []string{"basicAuth: Basic", "bearerAuth: ApiKey"},
		verb: "POST", endpoint: "https://api.stripe.com/v1/refunds", name: "PostRefunds", bodies: "Form > Json",
		request: []string{"amount Integer?", "charge Text?", "[expand] Text"}, response: []string{"amount Integer", "balance_transaction Undefined?", "balance_transaction.amount Integer?"},
		note: "/components/schemas/account the value is string or object",
	},
	{
		source: source{module: specs, sum: specsSum, file: "test_specs/docusignv3.1.json"},
		format: "3.0.0", operations: 402, methods: 402, authentications: []string{"None: None"},
		verb: "GET", endpoint: "https://www.docusign.net/restapi/v2.1/accounts/{{accountId}}/envelopes/{{envelopeId}}/recipients",
		name: "Gets the status of recipients for an envelope.", bodies: " > Json",
		parameters: []string{"MergeField accountId Text", "MergeField envelopeId Text", "QueryString include_tabs Text?"}, response: []string{"recipientCount Text?", "errorDetails.errorCode Text?"},
		note: "/components/schemas/EnvelopeRecipients there are more than 200 fields",
	},
	{
		source: source{module: specs, sum: specsSum, file: "test_specs/k8s.json"},
		format: "2.0", operations: 853, methods: 847, authentications: []string{"BearerToken: ApiKey"},
		verb: "GET", endpoint: "{{BaseUrl}}/api/v1/namespaces/{{namespace}}/pods/{{name}}/log", name: "readCoreV1NamespacedPodLog", bodies: " > PlainText",
		parameters: []string{"QueryString container Text?", "QueryString follow Boolean?", "QueryString limitBytes Integer?", "MergeField namespace Text"}, response: []string{"Text Text"},
		note: "/paths/~1api~1v1~1namespaces~1{namespace}~1pods~1{name}~1proxy/options OPTIONS is not",
	},
	{
		source: source{module: specs, sum: specsSum, file: "test_specs/asana.yaml"},
		format: "3.0.0", operations: 152, methods: 152, authentications: []string{"oauth2 authorizationCode: OAuth2", "personalAccessToken: ApiKey"},
		verb: "POST", endpoint: "https://app.asana.com/api/1.0/tasks", name: "Create a task", bodies: "Json > Json",
		parameters: []string{"QueryString opt_fields Text?"}, request: []string{"data.approval_status Text?", "data.completed_at DateTime?"}, response: []string{"data.assignee.gid Text?"},
		note: "/components/securitySchemes/oauth2/description descriptions of ways",
	},
	{
		source: source{module: specs, sum: specsSum, file: "test_specs/xsoar.json"},
		format: "2.0", operations: 88, methods: 88, authentications: []string{"api_key: ApiKey"},
		verb: "POST", endpoint: "https://hostname:443/incident", name: "Create single incident", bodies: "Json > Json",
		request: []string{"account Text?", "activated DateTime?", "allRead Boolean?"}, response: []string{"[attachment].name Text?"},
		note: "/definitions/AdvanceArg the schema is within itself",
	},
	{ // of which the parts are other files
		source: source{module: specs, sum: specsSum, file: "test_specs/digitalocean.yaml"},
		format: "3.0.0", operations: 290, methods: 290, authentications: []string{"bearer_auth: ApiKey"},
		verb: "GET", endpoint: "https://api.digitalocean.com/v2/droplets", name: "GET /v2/droplets", bodies: " > Unknown",
		note: `/paths/~1v2~11-clicks/get $ref "resources/1-clicks/oneClicks_list.yml" leads out`,
	},
	{
		source: source{module: "github.com/moby/moby/api@v1.56.1", sum: "h1:PpWkvVPB7Fr/No8w+TfyJ/I6rWZ2YPZhT3JorIg+06c=", file: "swagger.yaml"},
		format: "2.0", operations: 108, methods: 108, authentications: []string{"None: None"},
		verb: "POST", endpoint: "{{BaseUrl}}/v1.56/containers/create", name: "Create a container", bodies: "Json > Json",
		parameters: []string{"QueryString name Text?", "QueryString platform Text?"}, request: []string{"[Cmd] Text", "AttachStdin Boolean?", "ExposedPorts Undefined?"}, response: []string{"Id Text", "[Warnings] Text"},
		note: "/definitions/ClusterVolume/properties/Info/properties/VolumeContext/additionalProperties properties whose names",
	},
	{
		source: source{module: "github.com/prometheus/alertmanager@v0.34.2", sum: "h1:4oOnHs4J41X9n+7MucFjA3I5i5MtasjWTnIY27q5Qkw=", file: "api/v2/openapi.yaml"},
		format: "2.0", operations: 9, methods: 9, authentications: []string{"None: None"},
		verb: "GET", endpoint: "{{BaseUrl}}/api/v2/alerts", name: "getAlerts", bodies: " > Json",
		parameters: []string{"QueryString active Boolean?", "QueryString filter Text?"}, response: []string{"[].endsAt DateTime", "[].status.[mutedBy] Text", "[].[receivers].name Text"},
		note: "/parameters/receiverMatchers a parameter that is repeated",
	},
	{
		source: source{
			module: "code.gitea.io/gitea@v1.27.3", sum: "h1:SRnjvw24ASELKCqyYvAWIlzwOqyFMgfD+UkqQ9SE5eU=", file: "templates/swagger/v1_json.tmpl",
			replace: strings.NewReplacer("{{.SwaggerAppVer}}", "1.27.3", "{{.SwaggerAppSubUrl}}", ""),
		},
		format: "2.0", operations: 482, methods: 482,
		authentications: []string{"AccessToken: ApiKey", "AuthorizationHeaderToken: ApiKey", "BasicAuth: Basic", "SudoHeader: ApiKey", "SudoParam: ApiKey", "TOTPHeader: ApiKey", "Token: ApiKey"},
		verb:            "GET", endpoint: "{{BaseUrl}}/api/v1/repos/{{owner}}/{{repo}}/issues/{{index}}", name: "Get an issue", bodies: " > Json",
		parameters: []string{"MergeField owner Text", "MergeField index Integer"}, response: []string{"[assets].created_at DateTime?", "assignee.active Boolean?"},
		note: "/definitions/Repository the schema is within itself",
	},
	{
		source: source{module: "@octokit/openapi@23.0.2", npm: true, sum: "sha512-pV8M7L9GY23AybNvTmo2nyjmpmnt6+2sRE/tqr0ZLQcPS4lnw7u5eZGNmwRNkBC3D7gZXbFx5AHzLUVRBXGDhg==", file: "package/generated/api.github.com.json"},
		format: "3.0.3", operations: 1223, methods: 1493, authentications: []string{"None: None"},
		verb: "POST", endpoint: "https://api.github.com/repos/{{owner}}/{{repo}}/issues", name: "Create an issue", bodies: "Json > Json",
		parameters: []string{"MergeField owner Text", "MergeField repo Text"}, request: []string{"body Text?", "[labels].color Text?"}, response: []string{"assignee.email Text?", "id Integer"},
		note: "/components/examples examples are not kept",
	},
	{
		source: source{module: "@octokit/openapi-webhooks@12.1.0", npm: true, sum: "sha512-Z5eDsLCUNbx1zHpZb1LNQirADqdMTvWJQ/deahi0ws+tWWnwHXB+Pr4jfmM9OrETS9Y5iW8ZRu1fdbudObhLrg==", file: "package/generated/api.github.com.json"},
		format: "3.1.0", operations: 0, methods: 261, authentications: []string{"None: None"},
		name: "issue-comment/deleted", bodies: " > Json", response: []string{"action Text", "comment.body Text", "comment.created_at DateTime"},
		note: "/components/schemas/custom-property-value/properties/value the value is string or array",
	},
}

func TestWellKnown(t *testing.T) {
	for _, want := range documents {
		t.Run(want.module+" "+want.file, func(t *testing.T) {
			data := want.read(t)
			started := time.Now()
			c, r, err := openapi.Import(data, openapi.Options{})
			took := time.Since(started)
			if err != nil {
				t.Fatal(err)
			}
			if err := connector.Validate(c); err != nil {
				t.Fatal(err)
			}
			t.Logf("%d KB in %v: %d methods, %d parameters, %d and %d fields, %d notes", len(data)>>10, took.Round(time.Millisecond), r.Methods, r.Parameters, r.RequestFields, r.ResponseFields, len(r.Notes))
			if took > time.Minute {
				t.Errorf("took %v", took)
			}
			want.check(t, c, r)
		})
	}
}

func (want found) check(t *testing.T, c *connector.Connector, r openapi.Report) {
	var ways []string
	for _, a := range c.Authentication {
		ways = append(ways, a.Name+": "+string(a.AuthType))
	}
	if diff := cmp.Diff(want.authentications, ways); diff != "" || r.Format != want.format || r.Operations != want.operations || r.Methods != want.methods {
		t.Errorf("%s, %d operations, %d methods, authentication %s", r.Format, r.Operations, r.Methods, diff)
	}
	if !slices.ContainsFunc(r.Notes, func(n openapi.Note) bool { return strings.HasPrefix(n.Pointer+" "+n.Message, want.note) }) {
		t.Errorf("nothing is said of %s", want.note)
	}
	i := slices.IndexFunc(c.Methods, func(m connector.Method) bool {
		return m.HTTPMethod == want.verb && m.Endpoint == want.endpoint && (m.MethodType == connector.Action || m.Name == want.name)
	})
	if i < 0 {
		t.Fatalf("there is no %s %s", want.verb, want.endpoint)
	}
	m := c.Methods[i]
	if bodies := string(m.RequestDataType) + " > " + string(m.ResponseDataType); m.Name != want.name || bodies != want.bodies {
		t.Errorf("%s: %s", m.Name, bodies)
	}
	var parameters, request, response []string
	for _, p := range m.Parameters {
		parameters = append(parameters, described(string(p.TargetType)+" "+p.Name, p.DataType, p.Optional))
	}
	for _, f := range m.RequestFields {
		request = append(request, described(f.ConnectorField, f.DataType, f.Optional))
	}
	for _, f := range m.ResponseFields {
		response = append(response, described(f.ConnectorField, f.DataType, f.Optional))
	}
	for _, some := range []struct{ want, got []string }{{want.parameters, parameters}, {want.request, request}, {want.response, response}} {
		for _, one := range some.want {
			if !slices.Contains(some.got, one) {
				t.Errorf("there is no %q in %q", one, some.got)
			}
		}
	}
}

func described(name string, t connector.DataType, optional bool) string {
	if optional {
		return name + " " + string(t) + "?"
	}
	return name + " " + string(t)
}

func BenchmarkImport(b *testing.B) {
	for _, d := range documents {
		if d.npm {
			continue
		}
		data := d.read(b)
		b.Run(d.file, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				if _, _, err := openapi.Import(data, openapi.Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
