package invoke

import "encoding/json"

// veil hides secrets in what a script is to see. real is what they were hidden in.
func (x *exchange) veil(s state) (shown, real state, _ error) {
	shown, real = state{}, state{}
	for name, v := range s {
		raw, err := json.Marshal(v)
		if err != nil {
			return nil, nil, err
		}
		if shown[name] = json.RawMessage(raw); !x.secrets.suspect(raw) {
			continue
		}
		doc, err := decode(raw)
		if err != nil {
			return nil, nil, err
		}
		clean, found := x.secrets.document(doc)
		if !found {
			continue
		}
		shown[name] = clean
		if real[name], err = decode(raw); err != nil {
			return nil, nil, err
		}
	}
	return shown, real, nil
}

// unveil gives what a script left of veiled, with what was hidden in it.
func unveil(left json.RawMessage, veiled, real any) (json.RawMessage, error) {
	doc, err := decode(left)
	if err != nil {
		return nil, err
	}
	return marshal(restore(doc, veiled, real))
}

// restore puts real where v is still what was shown of it.
func restore(v, shown, real any) any {
	switch v := v.(type) {
	case map[string]any:
		before, _ := shown.(map[string]any)
		was, _ := real.(map[string]any)
		for name := range v {
			v[name] = restore(v[name], before[name], was[name])
		}
		return v
	case []any:
		before, _ := shown.([]any)
		was, _ := real.([]any)
		for i := range min(len(v), len(before), len(was)) {
			v[i] = restore(v[i], before[i], was[i])
		}
		return v
	case string:
		if v == shown && real != nil {
			return real
		}
	}
	return v
}
