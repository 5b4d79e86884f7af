package embed

import (
	"testing"

	"github.com/tandem-ipaas/tandem"
)

// A secret that is there is not shown, need not be typed again, and stays where
// nothing is typed.
func TestSecretsOfSteps(t *testing.T) {
	m := &tandem.Mapping{Target: "key", MappingType: tandem.MapStatic, Value: "canary", IsLaunchVisible: true}
	all := (&subject{graph: &tandem.Graph{}}).add(nil, &tandem.Step{ID: "1"}, m, input{Secret: true, Required: true}, "")
	if len(all) != 1 || all[0].Value != "" || all[0].Required {
		t.Fatalf("%+v", all)
	}
	if all[0].set(""); m.Value != "canary" || m.MappingType != tandem.MapStatic {
		t.Errorf("with nothing typed: %+v", m)
	}
	if all[0].set("another"); m.Value != "another" {
		t.Errorf("typed anew: %+v", m)
	}
}
