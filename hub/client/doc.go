// Package client is a service-side client for an IoT hub, ours or another that
// speaks the same REST API. It is made from a service connection string and
// manages devices, reads and patches twins, calls direct methods, queues
// cloud-to-device messages and reads the event stream.
//
// It is written against the wire and shares no code with the hub, its token
// code included: two readings of one specification find each other's mistakes.
//
// It is not a device client, and it does not retry: what to do about an error
// is for the caller to say. Some calls exist on our hub only,
// because Azure offers them over AMQP or in its portal: [Client.SendCommand],
// [Client.Events] with [Client.Partitions], and those on CA certificates.
package client
