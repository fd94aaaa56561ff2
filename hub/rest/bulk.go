package rest

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"golang.org/x/sync/errgroup"

	"twinrig/hub"
)

const (
	maxBulk     = 100
	maxBulkBody = 16 << 20
)

// bulkItem is one device of a bulk call, in the shape of the import and export of
// devices.
type bulkItem struct {
	deviceBody
	ID         string          `json:"id"`
	ModuleID   string          `json:"moduleId"`
	ManagedBy  string          `json:"managedBy"`
	ETag       string          `json:"eTag"`
	ImportMode importMode      `json:"importMode"`
	TwinETag   string          `json:"twinETag"`
	Tags       json.RawMessage `json:"tags"`
	Properties struct {
		Desired json.RawMessage `json:"desired"`
	} `json:"properties"`
}

// bulkError is why one item failed.
type bulkError struct {
	DeviceID  string  `json:"deviceId"`
	ModuleID  *string `json:"moduleId"`
	Code      int     `json:"errorCode"`
	Status    string  `json:"errorStatus"`
	Operation string  `json:"operation"`
}

type bulkResult struct {
	Successful bool        `json:"isSuccessful"`
	Errors     []bulkError `json:"errors"`
	Warnings   []string    `json:"warnings"`
}

// changeDevices creates, updates or deletes up to a hundred devices. Items stand
// alone: one that fails does not keep the others from being done.
func changeDevices(x *exchange) error {
	var items []bulkItem
	if err := x.decode(maxBulkBody, &items); err != nil {
		return err
	}
	if err := checkBulk(items); err != nil {
		return err
	}
	result := bulkResult{Errors: []bulkError{}, Warnings: []string{}}
	failures := x.applyAll(items)
	for n, item := range items {
		if err := failures[n]; err != nil {
			e := x.refusal(err)
			failed := bulkError{DeviceID: item.ID, Code: e.Code, Status: e.Message, Operation: item.ImportMode.String()}
			if item.ModuleID != "" {
				failed.ModuleID = &item.ModuleID
			}
			result.Errors = append(result.Errors, failed)
		}
	}
	if len(result.Errors) > 0 {
		x.w.Header().Set("iothub-errorcode", "BulkRegistryOperationFailure")
		return x.reply(http.StatusBadRequest, "", result)
	}
	result.Successful = true
	return x.reply(http.StatusOK, "", result)
}

// bulkWorkers is how many items of a call are under way at once: each spends its time
// waiting for the store.
const bulkWorkers = 16

// applyAll applies the items, each device's in their order, and returns the error of each.
func (x *exchange) applyAll(items []bulkItem) []error {
	failures := make([]error, len(items))
	queues := map[string][]int{} // by device: its modules come after it
	var order []string
	for n, item := range items {
		if queues[item.ID] == nil {
			order = append(order, item.ID)
		}
		queues[item.ID] = append(queues[item.ID], n)
	}
	var workers errgroup.Group
	workers.SetLimit(bulkWorkers)
	for _, id := range order {
		workers.Go(func() error {
			for _, n := range queues[id] {
				failures[n] = items[n].apply(x.r.Context(), x.handler.hub)
			}
			return nil
		})
	}
	_ = workers.Wait() // the workers keep their errors
	return failures
}

func checkBulk(items []bulkItem) error {
	if len(items) > maxBulk {
		return refuse(400004, "ArgumentInvalid", "%d devices in one call; at most %d are allowed.", len(items), maxBulk)
	}
	seen := map[string]bool{}
	for _, item := range items {
		if seen[item.identity()] {
			return refuse(400011, "DeviceDefinedMultipleTimes", "Device %s is in the list twice.", item.identity())
		}
		seen[item.identity()] = true
	}
	return nil
}

func (i bulkItem) apply(ctx context.Context, h *hub.Hub) error {
	if i.ImportMode.matchesETag() && unquote(i.etag()) == "" {
		return refuse(400004, "ArgumentInvalid", "Import mode %s needs an etag.", i.ImportMode)
	}
	switch i.ImportMode {
	case modeCreate:
		return i.create(ctx, h)
	case modeCreateOrUpdate, modeCreateOrUpdateIfMatch:
		err := i.create(ctx, h)
		var e *hub.Error
		if errors.As(err, &e) && (e.Name == "DeviceAlreadyExists" || e.Name == "ModuleAlreadyExistsOnDevice") {
			return i.update(ctx, h)
		}
		return err
	case modeUpdate, modeUpdateIfMatch:
		return i.update(ctx, h)
	case modeDelete, modeDeleteIfMatch:
		return h.DeleteDevice(ctx, i.identity(), i.ifMatch())
	default: // the two that update a twin; decoding knows no others
		return i.patchTwin(ctx, h)
	}
}

// create registers the device with its twin, or not at all.
func (i bulkItem) create(ctx context.Context, h *hub.Hub) error {
	_, err := h.CreateDeviceWithTwin(ctx, i.registration(), hub.TwinContent{Tags: i.Tags, Desired: i.Properties.Desired})
	return err
}

func (i bulkItem) update(ctx context.Context, h *hub.Hub) error {
	if _, err := h.UpdateDevice(ctx, i.registration(), i.ifMatch()); err != nil || !i.hasTwin() {
		return err
	}
	i.ImportMode = modeUpdateTwin
	return i.patchTwin(ctx, h)
}

func (i bulkItem) identity() string { return hub.Identity(i.ID, i.ModuleID) }

func (i bulkItem) registration() hub.Device {
	d := i.device(i.identity())
	d.ManagedBy = i.ManagedBy
	return d
}

func (i bulkItem) hasTwin() bool { return i.Tags != nil || i.Properties.Desired != nil }

func (i bulkItem) patchTwin(ctx context.Context, h *hub.Hub) error {
	patch := map[string]any{}
	if i.Tags != nil {
		patch["tags"] = i.Tags
	}
	if i.Properties.Desired != nil {
		patch["properties"] = map[string]any{"desired": i.Properties.Desired}
	}
	body, err := json.Marshal(patch)
	if err != nil {
		return err
	}
	_, err = h.PatchTwin(ctx, i.identity(), body, i.ifMatch())
	return err
}

func (i bulkItem) etag() string {
	if i.ImportMode == modeUpdateTwinIfMatch {
		return i.TwinETag
	}
	return i.ETag
}

func (i bulkItem) ifMatch() string {
	if i.ImportMode.matchesETag() {
		return unquote(i.etag())
	}
	return "*"
}
