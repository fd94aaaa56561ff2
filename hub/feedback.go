package hub

import (
	"context"
	"errors"
	"time"
)

// feedbackRecord is one record of a feedback message, as services read it.
type feedbackRecord struct {
	MessageID    string    `json:"originalMessageId"`
	GenerationID string    `json:"deviceGenerationId"`
	DeviceID     string    `json:"deviceId"`
	ModuleID     string    `json:"moduleId,omitempty"`
	Enqueued     time.Time `json:"enqueuedTimeUtc"`
	Status       outcome   `json:"statusCode"`
	Description  outcome   `json:"description"`
}

// feedBack tells the services how a command ended. A device that is gone is not worth
// telling about.
func (h *Hub) feedBack(ctx context.Context, id string, c Command, o outcome) error {
	doc, err := h.view(ctx, id)
	var e *Error
	if errors.As(err, &e) {
		return nil
	}
	if err != nil {
		return err
	}
	r := feedbackRecord{MessageID: c.System.MessageID, GenerationID: doc.Device.GenerationID, Enqueued: now(), Status: o, Description: o}
	r.DeviceID, r.ModuleID = SplitIdentity(id)
	return h.feedback.append(ctx, r.DeviceID, r)
}
