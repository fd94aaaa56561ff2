package hub

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// Twin is the twin of a device or module as services see it. It marshals to the JSON of the
// service REST API.
type Twin struct {
	DeviceID           string          `json:"deviceId"`
	ModuleID           string          `json:"moduleId,omitempty"`
	ETag               string          `json:"etag"` // of the twin
	DeviceETag         string          `json:"deviceEtag"`
	Status             string          `json:"status"`
	StatusReason       *string         `json:"statusReason"`
	StatusUpdated      time.Time       `json:"statusUpdateTime"`
	ConnectionState    string          `json:"connectionState"`
	LastActivity       time.Time       `json:"lastActivityTime"`
	CommandCount       int             `json:"cloudToDeviceMessageCount"`
	AuthenticationType string          `json:"authenticationType"`
	X509Thumbprint     Thumbprint      `json:"x509Thumbprint"`
	ModelID            string          `json:"modelId"`
	Version            int64           `json:"version"`
	Tags               json.RawMessage `json:"tags"`
	Properties         TwinProperties  `json:"properties"`
	Capabilities       Capabilities    `json:"capabilities"`
}

// TwinProperties holds both sections with "$metadata" and "$version".
type TwinProperties struct {
	Desired  json.RawMessage `json:"desired"`
	Reported json.RawMessage `json:"reported"`
}

// Twin returns a device's twin.
func (h *Hub) Twin(ctx context.Context, id string) (Twin, error) {
	if err := h.Spend(OpTwinRead, 1); err != nil {
		return Twin{}, err
	}
	h.meters.TwinOperations.Add("service get")
	doc, err := h.view(ctx, id)
	if err != nil {
		return Twin{}, err
	}
	return h.presentTwin(ctx, doc)
}

func (h *Hub) presentTwin(ctx context.Context, doc *document) (Twin, error) {
	t := h.twinOf(doc)
	return t, h.Count(ctx, &t)
}

// twinOf presents a twin, without the number of its commands.
func (h *Hub) twinOf(doc *document) Twin {
	d := h.presentConnection(doc)
	device, module := SplitIdentity(d.ID)
	return Twin{
		DeviceID: device, ModuleID: module, ETag: doc.Twin.etag(), DeviceETag: d.ETag,
		Status: d.Status, StatusReason: d.StatusReason, StatusUpdated: d.StatusUpdated,
		ConnectionState: d.ConnectionState, LastActivity: d.LastActivity,
		AuthenticationType: d.Authentication.Type, X509Thumbprint: d.Authentication.X509Thumbprint,
		ModelID: doc.Twin.ModelID, Version: doc.Twin.Version, Tags: doc.Twin.Tags,
		Properties:   TwinProperties{Desired: doc.Twin.Desired, Reported: doc.Twin.Reported},
		Capabilities: d.Capabilities,
	}
}

// PatchTwin merges body into tags and desired properties. ifMatch "" or "*" means any
// version. A live session hears of new desired properties.
func (h *Hub) PatchTwin(ctx context.Context, id string, body []byte, ifMatch string) (Twin, error) {
	return h.writeTwin(ctx, id, body, ifMatch, (*twinState).patch)
}

// ReplaceTwin replaces tags and desired properties by those in body; what is not
// given becomes empty.
func (h *Hub) ReplaceTwin(ctx context.Context, id string, body []byte, ifMatch string) (Twin, error) {
	return h.writeTwin(ctx, id, body, ifMatch, (*twinState).replace)
}

// A notification tells a live session what changed in desired; nil when nothing did.
type notification struct {
	version int64
	patch   []byte
}

type twinWrite func(*twinState, twinPatch) (*notification, error)

func (h *Hub) writeTwin(ctx context.Context, id string, body []byte, ifMatch string, write twinWrite) (Twin, error) {
	if err := h.Spend(OpTwinUpdate, 1); err != nil {
		return Twin{}, err
	}
	h.meters.TwinOperations.Add("service write")
	defer h.locks.lock(id)()
	var news *notification
	doc, err := h.update(ctx, id, func(doc *document) error {
		if !matches(ifMatch, doc.Twin.etag()) {
			return preconditionFailed.errorf("Twin of %s was changed by someone else.", describe(id))
		}
		// Parsed anew on each attempt: a merged patch becomes part of the twin.
		patch, err := parseTwinPatch(body)
		if err != nil {
			return argumentInvalid.errorf("Twin of %s: %v.", describe(id), err)
		}
		if news, err = write(&doc.Twin, patch); err != nil && !isCorrupt(err) {
			return argumentInvalid.errorf("Twin of %s: %v.", describe(id), err)
		}
		return err
	})
	if err != nil {
		return Twin{}, err
	}
	if c := h.sessions.get(id); c != nil && news != nil {
		c.session.Desired(news.version, news.patch)
	}
	return h.presentTwin(ctx, doc)
}

// Twin returns what a device sees of its twin: both sections with "$version", without
// metadata and tags.
func (c *Connection) Twin(ctx context.Context) ([]byte, error) {
	if err := c.use(); err != nil {
		return nil, err
	}
	if err := c.hub.Spend(OpTwinRead, 1); err != nil {
		return nil, err
	}
	c.hub.meters.TwinOperations.Add("device get")
	doc, err := c.hub.view(ctx, c.id)
	if err != nil {
		return nil, err
	}
	desired, err := parseStored(doc.Twin.Desired)
	if err != nil {
		return nil, fmt.Errorf("twin of device %s: %w", c.id, err)
	}
	reported, err := parseStored(doc.Twin.Reported)
	if err != nil {
		return nil, fmt.Errorf("twin of device %s: %w", c.id, err)
	}
	view := appendVersioned([]byte(`{"desired":`), desired.root, desired.version)
	view = appendVersioned(append(view, `,"reported":`...), reported.root, reported.version)
	return append(view, '}'), nil
}

// PatchReported merges patch into the reported properties and returns their new
// version. With ifVersion, only when the present version is that one.
func (c *Connection) PatchReported(ctx context.Context, patch []byte, ifVersion *int64) (version int64, err error) {
	if err := c.use(); err != nil {
		return 0, err
	}
	if err := c.hub.Spend(OpTwinUpdate, 1); err != nil {
		return 0, err
	}
	c.hub.meters.TwinOperations.Add("device report")
	defer c.hub.locks.lock(c.id)()
	_, err = c.hub.update(ctx, c.id, func(doc *document) error {
		version, err = doc.Twin.report(patch, ifVersion)
		if err != nil && !isRefusal(err) && !isCorrupt(err) {
			return argumentInvalid.errorf("Reported properties: %v.", err)
		}
		return err
	})
	return version, err
}
