package hub

import (
	"context"
	"testing"
	"time"
)

// shelf has every blob.
type shelf struct{}

func (shelf) Container() string              { return "uploads" }
func (shelf) Grant(string, time.Time) string { return "" }
func (shelf) Stat(context.Context, string) (int64, time.Time, error) {
	return 1, time.Now(), nil
}

// Ten uploads are under way at most; what is not finished expires, and what was granted
// survives a restart.
func TestUploadsUnderWay(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.hub.cfg.Blobs = shelf{}
		r.create("d")
		var last Upload
		for range maxUploads {
			var err error
			last, err = r.hub.BeginUpload(r.Context(), "d", "x")
			r.check(err)
		}
		_, err := r.hub.BeginUpload(r.Context(), "d", "x")
		r.wantCode("one too many", err, 429001)
		r.stop()
		r.start()
		r.hub.cfg.Blobs = shelf{}
		r.check(r.hub.FinishUpload(r.Context(), "d", UploadResult{CorrelationID: last.CorrelationID, Success: true}))
		_, err = r.hub.BeginUpload(r.Context(), "d", "x")
		r.check(err)
		time.Sleep(time.Hour)
		for range maxUploads {
			_, err := r.hub.BeginUpload(r.Context(), "d", "x")
			r.check(err)
		}
		r.check(r.hub.DeleteDevice(r.Context(), "d", ""))
		if len(r.store.documents) != 1 { // the hub's own
			r.Errorf("deleting left %v", r.store.documents)
		}
		_, err = r.hub.BeginUpload(r.Context(), "d", "x")
		r.wantCode("unknown device", err, 404001)
		r.hub.cfg.Blobs = nil
		_, err = r.hub.BeginUpload(r.Context(), "d", "x")
		r.wantCode("a hub without blobs", err, 400003)
	})
}
