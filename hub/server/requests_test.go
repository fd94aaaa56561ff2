package server

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"
)

// Law: within t seconds of its first an address gets (1 + t) times its limit through, and
// everything when it keeps to the limit.
func TestRequestLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		served := map[string]int{}
		h := limitRequests(10, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { served[r.RemoteAddr]++ }))
		ask := func(from string) *httptest.ResponseRecorder {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.RemoteAddr = from
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			return w
		}
		const greedy, modest = "10.0.0.1:1", "10.0.0.2:1"
		for i := range 300 { // the last after 2.99 s
			w := ask(greedy)
			if i == 99 && (w.Code != 429 || w.Header().Get("Retry-After") != "1" || w.Header().Get("iothub-errorcode") != "ThrottlingException") {
				t.Errorf("refused with %d %v", w.Code, w.Header())
			}
			if i%10 == 0 {
				ask(modest)
			}
			time.Sleep(10 * time.Millisecond)
		}
		if served[greedy] != 10+29 || served[modest] != 30 {
			t.Errorf("served %v; want 10 at once and 10 a second of the first, all of the second", served)
		}
	})
}

func TestRequestLimitForgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := limitRequests(1, http.NotFoundHandler()).(*requestLimit)
		for i := range 3 * maxCallers {
			l.allows(addressOf(fmt.Sprintf("10.%d.%d.%d:1", i>>16, i>>8&0xff, i&0xff)))
			if len(l.owed) > maxCallers {
				t.Fatalf("%d addresses are remembered", len(l.owed))
			}
		}
		if same := addressOf("[2001:db8::1]:1"); same != addressOf("[2001:db8::2]:1") || same == addressOf("10.0.0.1:1") {
			t.Error("addresses are told apart wrongly")
		}
	})
}
