package hub

import "time"

// Command is a cloud-to-device message waiting in a device's queue.
type Command struct {
	Message
	Sequence      uint64 // per hub, rising
	Enqueued      time.Time
	DeliveryCount int
}

// LockedCommand is a command given to one connection until it is completed,
// abandoned, rejected or its lock runs out.
type LockedCommand struct {
	Command
	LockToken string
}
