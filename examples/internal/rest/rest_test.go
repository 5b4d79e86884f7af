package rest

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestReadRefusesLargeBody(t *testing.T) {
	h := Handler(func(_ http.ResponseWriter, r *http.Request) (int, any, error) {
		var v string
		return http.StatusOK, nil, Read(r, &v)
	})
	for body, want := range map[string]int{
		`"` + strings.Repeat("a", maxBody-2) + `"`: http.StatusOK,
		`"` + strings.Repeat("a", maxBody) + `"`:   http.StatusRequestEntityTooLarge,
		`{`:                                        http.StatusBadRequest,
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body)))
		if w.Code != want {
			t.Errorf("%d bytes: status %d, want %d", len(body), w.Code, want)
		}
	}
}

func TestServeReportsTakenAddress(t *testing.T) {
	srv := httptest.NewServer(http.NotFoundHandler())
	defer srv.Close()
	if err := Serve(t.Context(), srv.Listener.Addr().String(), nil, t.Output()); err == nil {
		t.Error("listened on an address that is taken")
	}
}
