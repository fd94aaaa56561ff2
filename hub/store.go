package hub

import (
	"context"
	"iter"
)

// Store is the durable engine under a hub. What one of its methods has
// acknowledged survives the death of the process.
type Store interface {
	Documents() Documents
	Queue() Queue
	Notices() Notices
	Log(ctx context.Context, partition int) (Log, error)
}

// Documents keeps small documents by key. Segments of a key are parted by "/".
type Documents interface {
	// Get returns ErrNoDocument when there is none.
	Get(ctx context.Context, key string) (Document, error)
	// Put writes d when the stored revision is d.Revision, 0 meaning that there
	// must be none, and returns the new revision; otherwise ErrConflict. A
	// document without a body is removed.
	Put(ctx context.Context, d Document) (revision uint64, err error)
	// Scan yields the documents whose key begins with the segments of prefix, in
	// no particular order.
	Scan(ctx context.Context, prefix string) iter.Seq2[Document, error]
}

// Document is a stored document. Its revision serves compare-and-set only.
type Document struct {
	Key      string
	Revision uint64
	Body     []byte
}

// Log is the append-only log of one partition. Sequence numbers of records are
// contiguous; retention removes the oldest records and never the last one.
type Log interface {
	// Append adds a record behind the one with sequence number last, or returns
	// ErrConflict when that is not the last one (any more). It does not keep record.
	Append(ctx context.Context, record []byte, last uint64) (sequence uint64, err error)
	// Read yields the kept records from sequence number from on, oldest first, up to the
	// present end.
	Read(ctx context.Context, from uint64) iter.Seq2[Record, error]
	// Bounds returns the first kept and the last sequence number; first > last
	// when the log is empty.
	Bounds(ctx context.Context) (first, last uint64, err error)
}

// Queue keeps the waiting commands of all devices.
type Queue interface {
	// Enqueue returns ErrQueueFull when CommandLimit commands wait.
	Enqueue(ctx context.Context, device string, body []byte) (sequence uint64, err error)
	// List yields a device's commands from sequence number from on, oldest first.
	List(ctx context.Context, device string, from uint64) iter.Seq2[Record, error]
	// All yields the commands of all devices, oldest first.
	All(ctx context.Context) iter.Seq2[QueuedRecord, error]
	// Remove of a command that is gone is no error.
	Remove(ctx context.Context, device string, sequence uint64) error
}

// QueuedRecord is a Record and the device it waits for.
type QueuedRecord struct {
	Device string
	Record
}

// Notices keeps what waits for services by topic. When NoticeLimit notices of a topic
// wait, the oldest makes room for the next.
type Notices interface {
	Append(ctx context.Context, topic string, body []byte) (sequence uint64, err error)
	// List yields the notices of a topic from sequence number from on, oldest first.
	List(ctx context.Context, topic string, from uint64) iter.Seq2[Record, error]
	// Remove of a notice that is gone is no error.
	Remove(ctx context.Context, topic string, sequence uint64) error
}

// Record is an entry of a Log or Queue.
type Record struct {
	Sequence uint64
	Body     []byte
}

// What a Store answers besides failures of its own.
const (
	ErrNoDocument = sentinel("no such document")
	ErrConflict   = sentinel("changed meanwhile")
	ErrQueueFull  = sentinel("queue is full")
)

// Bounds that a Store has to respect.
const (
	// CommandLimit is the number of commands that may wait for one device.
	CommandLimit = 50
	// NoticeLimit is the number of notices of one topic that are kept for services.
	NoticeLimit = 100_000
	// MaxRecord is the largest record the hub appends, in bytes.
	MaxRecord = 1 << 20
)
