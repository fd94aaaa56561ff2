package mqtt

import (
	"io"
	"time"
)

// linger lets the client read why it is being left. Closing a socket at once, with input
// unread, would make the client's system throw away what it has received.
func (c *conn) linger() {
	half, ok := c.net.(interface{ CloseWrite() error })
	if !ok || half.CloseWrite() != nil || c.net.SetReadDeadline(time.Now().Add(closeLinger)) != nil {
		return
	}
	_, _ = io.CopyN(io.Discard, c.net, maxLinger)
}
