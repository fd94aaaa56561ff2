package hub

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Limits of cloud-to-device messages.
const (
	defaultCommandTTL = time.Hour
	maxCommandTTL     = 48 * time.Hour
	maxCommandSize    = 64 << 10
	maxDeliveries     = 10
	lockTime          = 60 * time.Second
)

// Enqueue queues a cloud-to-device message. It is kept until the device completes it, at
// most until m.System.Expiry, by default for an hour.
func (h *Hub) Enqueue(ctx context.Context, id string, m Message) (Command, error) {
	if err := h.Spend(OpCommandSend, 1); err != nil {
		return Command{}, err
	}
	defer h.locks.lock(id)()
	if _, err := h.view(ctx, id); err != nil {
		return Command{}, err
	}
	at := now()
	if err := h.completeCommand(id, &m, at); err != nil {
		return Command{}, err
	}
	h.recipients.add(id)
	sequence, err := h.enqueue(ctx, id, packCommand(&m, at))
	if err != nil {
		return Command{}, err
	}
	h.meters.CommandsQueued.Add(1)
	c := Command{Message: m, Sequence: sequence, Enqueued: at}
	h.expiries.watch(id, &c)
	if live := h.sessions.get(id); live != nil {
		live.session.CommandsWaiting()
	}
	return c, nil
}

// completeCommand checks a message and fills in what the service left open.
func (h *Hub) completeCommand(id string, m *Message, at time.Time) (err error) {
	if size := m.size(); size > maxCommandSize {
		return messageTooLarge.errorf("Message of %d bytes; at most %d are allowed.", size, maxCommandSize)
	}
	switch m.System.Ack {
	case "", "none", "positive", "negative", "full":
	default:
		return argumentInvalid.errorf("Ack %q is unknown; none, positive, negative and full are known.", m.System.Ack)
	}
	if m.System.Expiry.IsZero() {
		m.System.Expiry = at.Add(defaultCommandTTL)
	}
	if m.System.Expiry.After(at.Add(maxCommandTTL)) {
		return argumentInvalid.errorf("Expiry %s is more than %v ahead.", m.System.Expiry.Format(time.RFC3339), maxCommandTTL)
	}
	device, module := SplitIdentity(id)
	if (module == "") != (m.System.InputName == "") {
		return argumentInvalid.errorf("A message to a module names one of its inputs, and one to a device does not.")
	}
	if strings.ContainsAny(m.System.InputName, "/+#\x00") || len(m.System.InputName) > maxDeviceID {
		return argumentInvalid.errorf("Input name %q is longer than %d bytes or has one of / + # in it.", m.System.InputName, maxDeviceID)
	}
	if m.System.To == "" {
		m.System.To = "/devices/" + device + "/messages/deviceBound"
		if module != "" {
			m.System.To = "/devices/" + device + "/modules/" + module + "/inputs/" + m.System.InputName
		}
	}
	if m.System.MessageID == "" {
		if m.System.MessageID, err = guid(h.random); err != nil {
			return fmt.Errorf("make message id: %w", err)
		}
	}
	return nil
}

// enqueue makes room by dropping what has expired when the queue is full.
func (h *Hub) enqueue(ctx context.Context, id string, body []byte) (uint64, error) {
	sequence, err := h.store.Queue().Enqueue(ctx, id, body)
	if errors.Is(err, ErrQueueFull) {
		if err := h.dropExpired(ctx, id); err != nil {
			return 0, err
		}
		sequence, err = h.store.Queue().Enqueue(ctx, id, body)
	}
	if errors.Is(err, ErrQueueFull) {
		return 0, queueDepthExceeded.errorf("Device %s has %d messages waiting already.", id, CommandLimit)
	}
	if err != nil {
		return 0, fmt.Errorf("queue message for device %s: %w", id, err)
	}
	return sequence, nil
}

func (h *Hub) dropExpired(ctx context.Context, id string) error {
	return h.eachCommand(ctx, id, func(c Command) error {
		if c.expired() {
			return h.dispose(ctx, id, c, outcomeExpired)
		}
		return nil
	})
}

func (c *Command) expired() bool { return !time.Now().Before(c.System.Expiry) }

func (h *Hub) countCommands(ctx context.Context, id string) (n int, err error) {
	err = h.eachCommand(ctx, id, func(c Command) error {
		if !c.expired() {
			n++
		}
		return nil
	})
	return n, err
}

func (h *Hub) eachCommand(ctx context.Context, id string, do func(Command) error) error {
	if !h.recipients.may(id) {
		return nil
	}
	for r, err := range h.store.Queue().List(ctx, id, 0) {
		var c Command
		if err == nil {
			c, err = unpackCommand(r)
		}
		if err == nil {
			err = do(c)
		}
		if err != nil {
			return fmt.Errorf("read queue of device %s: %w", id, err)
		}
	}
	return nil
}

// PurgeCommands removes all cloud-to-device messages of a device, locked ones as well,
// and returns how many there were.
func (h *Hub) PurgeCommands(ctx context.Context, id string) (int, error) {
	defer h.locks.lock(id)()
	if _, err := h.view(ctx, id); err != nil {
		return 0, err
	}
	return h.dropCommands(ctx, id, outcomePurged)
}

// dropCommands empties a queue and returns how many commands had not expired. Without an
// outcome their senders do not hear of it. The caller holds the device's lock.
func (h *Hub) dropCommands(ctx context.Context, id string, o outcome) (n int, err error) {
	if !h.recipients.may(id) {
		return 0, nil
	}
	err = h.eachCommand(ctx, id, func(c Command) error {
		if !c.expired() {
			n++
		}
		return h.dispose(ctx, id, c, o)
	})
	if err != nil {
		return n, err
	}
	if err := h.dropDeliveries(ctx, id); err != nil {
		return n, err
	}
	h.recipients.remove(id)
	return n, nil
}
