package hub

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Limits of file uploads.
const (
	uploadTTL      = time.Hour // of the right to upload
	maxUploads     = 10        // under way per device
	maxBlobName    = 1024
	maxDescription = 1024
	uploadKeys     = "upload"
)

// Blobs is where devices upload files to. Names are those of the container's blobs.
type Blobs interface {
	Container() string
	// Grant returns the query that lets its bearer write one blob until expires.
	Grant(name string, expires time.Time) string
	// Stat returns what is known of a blob; ErrNoBlob when there is none.
	Stat(ctx context.Context, name string) (size int64, modified time.Time, err error)
}

// ErrNoBlob means that a blob was not uploaded.
const ErrNoBlob = sentinel("no such blob")

// Upload is the right of a device to upload one file.
type Upload struct {
	CorrelationID string `json:"correlationId"`
	HostName      string `json:"hostName"`
	Container     string `json:"containerName"`
	BlobName      string `json:"blobName"` // with the device's id before it
	Token         string `json:"sasToken"` // the query of the blob's address
}

// UploadResult is what a device says of an upload that has ended.
type UploadResult struct {
	CorrelationID string `json:"correlationId"`
	Success       bool   `json:"isSuccess"`
	Status        int    `json:"statusCode"`
	Description   string `json:"statusDescription"`
}

// uploadsUnderWay is kept for each device that has any.
type uploadsUnderWay struct {
	Uploads map[string]uploadUnderWay `json:"uploads"` // by correlation id
}

type uploadUnderWay struct {
	Blob    string    `json:"blob"`
	Expires time.Time `json:"expires"`
}

// fileNote is the body of a file notification, as services read it.
type fileNote struct {
	DeviceID string    `json:"deviceId"`
	BlobURI  string    `json:"blobUri"`
	BlobName string    `json:"blobName"`
	Modified time.Time `json:"lastUpdatedTime"`
	Size     int64     `json:"blobSizeInBytes"`
	Enqueued time.Time `json:"enqueuedTimeUtc"`
}

// BeginUpload gives a device the right to upload a file for an hour.
func (h *Hub) BeginUpload(ctx context.Context, device, name string) (Upload, error) {
	if h.cfg.Blobs == nil {
		return Upload{}, invalidOperation.errorf("This hub takes no files.")
	}
	if err := h.Spend(OpUpload, 1); err != nil {
		return Upload{}, err
	}
	if err := checkBlobName(name); err != nil {
		return Upload{}, argumentInvalid.errorf("%v.", err)
	}
	if _, err := h.view(ctx, device); err != nil {
		return Upload{}, err
	}
	id, err := guid(h.random)
	if err != nil {
		return Upload{}, fmt.Errorf("make correlation id: %w", err)
	}
	blob, expires := device+"/"+name, now().Add(uploadTTL)
	err = h.changeUploads(ctx, device, func(u *uploadsUnderWay) error {
		if len(u.Uploads) >= maxUploads {
			return throttled.errorf("Device %s has %d uploads under way; at most %d are allowed.", device, len(u.Uploads), maxUploads)
		}
		u.Uploads[id] = uploadUnderWay{blob, expires}
		return nil
	})
	if err != nil {
		return Upload{}, err
	}
	return Upload{id, h.cfg.HostName, h.cfg.Blobs.Container(), blob, "?" + h.cfg.Blobs.Grant(blob, expires)}, nil
}

func checkBlobName(name string) error {
	if name == "" || len(name) > maxBlobName {
		return fmt.Errorf("blob name has %d characters; 1 to %d are allowed", len(name), maxBlobName)
	}
	for segment := range strings.SplitSeq(name, "/") {
		if segment == "" || segment == "." || segment == ".." {
			return fmt.Errorf("blob name %q has a segment %q", name, segment)
		}
	}
	if strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return fmt.Errorf("blob name %q has control characters", name)
	}
	return nil
}

// FinishUpload ends an upload. Services hear of one that succeeded.
func (h *Hub) FinishUpload(ctx context.Context, device string, r UploadResult) error {
	if len(r.Description) > maxDescription {
		return argumentInvalid.errorf("statusDescription has %d bytes; at most %d are allowed.", len(r.Description), maxDescription)
	}
	if _, err := h.view(ctx, device); err != nil {
		return err
	}
	var ended uploadUnderWay
	err := h.changeUploads(ctx, device, func(u *uploadsUnderWay) error {
		var ok bool
		if ended, ok = u.Uploads[r.CorrelationID]; !ok {
			return argumentInvalid.errorf("Device %s has no upload %q under way.", device, r.CorrelationID)
		}
		if r.Success {
			if err := h.notifyUpload(ctx, device, ended.Blob); err != nil {
				return err
			}
		}
		delete(u.Uploads, r.CorrelationID)
		return nil
	})
	if err == nil && !r.Success {
		h.cfg.Log.Info("upload failed", "device", device, "blob", ended.Blob, "status", r.Status, "description", r.Description)
	}
	return err
}

func (h *Hub) notifyUpload(ctx context.Context, device, blob string) error {
	size, modified, err := h.cfg.Blobs.Stat(ctx, blob)
	if errors.Is(err, ErrNoBlob) {
		return argumentInvalid.errorf("Blob %s was not uploaded.", blob)
	}
	if err != nil {
		return fmt.Errorf("look at blob %s: %w", blob, err)
	}
	return h.fileNotes.append(ctx, device, fileNote{
		DeviceID: device, BlobURI: "https://" + h.cfg.HostName + "/" + h.cfg.Blobs.Container() + "/" + blob, BlobName: blob,
		Modified: modified.UTC(), Size: size, Enqueued: now(),
	})
}

// changeUploads alters what a device has under way, without what has expired.
func (h *Hub) changeUploads(ctx context.Context, device string, change func(*uploadsUnderWay) error) error {
	defer h.locks.lock(device)()
	key := uploadKeys + "/" + device
	u := &uploadsUnderWay{Uploads: map[string]uploadUnderWay{}}
	d, err := h.store.Documents().Get(ctx, key)
	if err == nil {
		err = json.Unmarshal(d.Body, u)
	}
	if err != nil && !errors.Is(err, ErrNoDocument) {
		return fmt.Errorf("read uploads of device %s: %w", device, err)
	}
	for id, one := range u.Uploads {
		if !time.Now().Before(one.Expires) {
			delete(u.Uploads, id)
		}
	}
	if err := change(u); err != nil {
		return err
	}
	var body []byte
	if len(u.Uploads) > 0 {
		if body, err = json.Marshal(u); err != nil {
			return err
		}
	}
	if body == nil && d.Revision == 0 {
		return nil
	}
	if _, err := h.store.Documents().Put(ctx, Document{Key: key, Revision: d.Revision, Body: body}); err != nil {
		return fmt.Errorf("write uploads of device %s: %w", device, err)
	}
	return nil
}

// dropUploads forgets what a device that is deleted has under way. The caller holds its
// lock.
func (h *Hub) dropUploads(ctx context.Context, device string) error {
	key := uploadKeys + "/" + device
	d, err := h.store.Documents().Get(ctx, key)
	if errors.Is(err, ErrNoDocument) {
		return nil
	}
	if err == nil {
		_, err = h.store.Documents().Put(ctx, Document{Key: key, Revision: d.Revision})
	}
	if err != nil {
		return fmt.Errorf("drop uploads of device %s: %w", device, err)
	}
	return nil
}
