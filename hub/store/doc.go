// Package store keeps a hub's data in an embedded NATS JetStream server, in a
// directory or in memory.
//
// It is not a general-purpose database and opens no port: the server lives in the
// process and is reached over an in-process connection. There is one code path for
// directory and memory. Documents are the newest messages of their subjects, the log of each
// partition is a stream of records, and the command queues of all devices share one stream.
//
// What a call has acknowledged has been written by the operating system: a process
// killed with SIGKILL loses nothing of it. Options.Sync makes that hold for power loss, too.
//
// A store may run inside a testing/synctest bubble. Register must then have been called
// outside of it.
package store
