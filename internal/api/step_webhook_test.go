package api_test

import (
	"fmt"
	"testing"

	"github.com/tandem-ipaas/tandem/internal/api"
)

// Steps that have to do with requests: what may be said of them, and what is
// missing.
func TestStepsOfWebhooks(t *testing.T) {
	w := newWorld(t, api.Options{})
	in := w.installed("books")
	hook := fmt.Sprintf(`{"ActionType":2,"AccountConnectorId":%d,"Method":"60ba8d11-96e8-4fc5-90a8-b086b86a6cb1"}`, in.ID)
	reason := func(code int, object, id string) string {
		return fmt.Sprintf(`[{"ReasonCode":%d,"Reason":"*","ObjectType":%q,"ObjectId":%q}]`, code, object, id)
	}
	w.table("books", nil, []row{
		{"c = POST /cycles", `{"Name":"c"}`, 201, ``},
		{"hook = POST /cycles/{c}/steps", hook, 201, ``},
		{"second = POST /cycles/{c}/steps", hook, 201, ``},
		{"POST /cycles/{c}/edges", `{"HeadStepId":"{hook}","TailStepId":"{second}"}`, 201, ``},
		{"GET /steps/{second}/prerequisites", ``, 200, reason(43, "Step", "{second}")},
		{"PUT /cycles/{c}/steps/{second}", `{"Match":{"Field":"order.id","Key":{"MappingType":"stepoutput","SourceStepId":"{hook}","SourceField":"id"}}}`, 200, `{"Match":{"Field":"order.id","Key":{"Target":"","MappingType":"StepOutput","SourceStepId":"{hook}","SourceField":"id"}},"WebhookUrl":"*"}`},
		{"GET /steps/{second}/prerequisites", ``, 200, `[]`},
		{"PUT /cycles/{c}/steps/{second}", `{"Match":{"Field":"[a","Key":{}}}`, 400, `{"Message":"*"}`},
		{"PUT /cycles/{c}/steps/{second}", `{"Answer":{"Status":200}}`, 400, `{"Message":"Answer: is for steps of the kind SynchronousResponse"}`},
		{"PUT /cycles/{c}/steps/{second}", `{"Match":null}`, 200, ``},
		{"GET /steps/{second}/prerequisites", ``, 200, reason(43, "Step", "{second}")},

		{"s = POST /cycles/{c}/steps", `{"ActionType":"SynchronousResponse","Answer":{"Status":201,"ContentType":"text/plain","Headers":[{"Target":"X-Id","MappingType":"staticvalue","Value":"1"}],"Body":{"MappingType":"StaticValue","Value":"done"}}}`, 201, `{"Answer":{"Status":201,"ContentType":"text/plain","Headers":[{"Target":"X-Id","MappingType":"StaticValue","Value":"1"}],"Body":{"Target":"","MappingType":"StaticValue","Value":"done"}}}`},
		{"GET /steps/{s}/prerequisites", ``, 200, reason(11, "Step", "{s}")}, // that no webhook leads to
		{"POST /cycles/{c}/edges", `{"HeadStepId":"{second}","TailStepId":"{s}"}`, 201, ``},
		{"GET /steps/{s}/prerequisites", ``, 200, `[]`},
		{"PUT /cycles/{c}/steps/{s}", `{"Answer":{"Fields":[{"Target":"id","MappingType":"StepOutput","SourceStepId":"{hook}","SourceField":"id"}]}}`, 200, `{"Answer":{"Fields":[{"Target":"id","MappingType":"StepOutput","SourceStepId":"{hook}","SourceField":"id"}]}}`},
		{"PUT /cycles/{c}/steps/{s}", `{"Answer":{"Status":99}}`, 400, `{"Message":"*"}`},
		{"PUT /cycles/{c}/steps/{s}", `{"Answer":{"ContentType":"text/html"}}`, 400, `{"Message":"*"}`},
		{"PUT /cycles/{c}/steps/{s}", `{"Answer":{"Headers":[{"Target":"Location"}]}}`, 400, `{"Message":"*"}`},
		{"PUT /cycles/{c}/steps/{s}", `{"Answer":null}`, 200, `{"Answer":{}}`},
		{"DELETE /cycles/{c}/steps/{s}", ``, 200, ``},
	})
}
