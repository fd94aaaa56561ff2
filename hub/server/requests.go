package server

import (
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"
)

// maxCallers is how many addresses a requestLimit remembers at a time.
const maxCallers = 10000

// requestLimit holds the HTTP requests of each address to a number a second. What an
// address did not use within the last second it may do at once.
type requestLimit struct {
	perSecond int
	next      http.Handler

	mu   sync.Mutex
	owed map[netip.Addr]time.Time // when the requests so far are paid for
}

func limitRequests(perSecond int, next http.Handler) http.Handler {
	if perSecond <= 0 {
		return next
	}
	return &requestLimit{perSecond: perSecond, next: next, owed: map[netip.Addr]time.Time{}}
}

func (l *requestLimit) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if l.allows(addressOf(r.RemoteAddr)) {
		l.next.ServeHTTP(w, r)
		return
	}
	w.Header().Set("Retry-After", "1")
	w.Header().Set("iothub-errorcode", "ThrottlingException")
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(http.StatusTooManyRequests)
	_, _ = w.Write([]byte(`{"Message":"ErrorCode:ThrottlingException;Too many requests from this address.","ExceptionMessage":""}`))
}

func (l *requestLimit) allows(address netip.Addr) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := time.Now()
	if len(l.owed) >= maxCallers {
		l.tidy(at)
	}
	paid := l.owed[address]
	if paid.Before(at) {
		paid = at
	}
	paid = paid.Add(time.Second / time.Duration(l.perSecond))
	if paid.Sub(at) > time.Second {
		return false
	}
	l.owed[address] = paid
	return true
}

// tidy forgets those that owe nothing, and all when that does not help: the limit slows
// clients down and is not to fill memory.
func (l *requestLimit) tidy(at time.Time) {
	for address, paid := range l.owed {
		if paid.Before(at) {
			delete(l.owed, address)
		}
	}
	if len(l.owed) >= maxCallers {
		clear(l.owed)
	}
}

// addressOf is the address that requests are counted for.
func addressOf(remote string) netip.Addr {
	address, err := netip.ParseAddrPort(remote)
	if err != nil {
		return netip.Addr{} // a connection within the process
	}
	return network(net.TCPAddrFromAddrPort(address))
}
