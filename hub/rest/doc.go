// Package rest is the hub's service API over HTTP: device registry, twins, direct
// methods and the purge of cloud-to-device messages, as Azure's service SDKs
// call them.
//
// Some calls are our own, for what Azure offers over AMQP or in its portal only:
//
//	POST /$twinrig/devices/{id}/messages      queue a cloud-to-device message
//	GET  /$twinrig/partitions                 bounds of the event stream
//	GET  /$twinrig/events?partition=0&from=7  telemetry as JSON lines
//	PUT  /$twinrig/authorities/{name}         register a CA certificate, PEM or DER
//	POST /$twinrig/authorities/{name}/code    ask for a verification code
//	POST /$twinrig/authorities/{name}/verify  prove possession of the CA's key
//
// CA certificates are listed, shown and deleted as the registry's devices are; with
// ?verified=true a registered one needs no proof. The proof is a certificate that
// the CA has signed and whose common name is the code.
//
// A message has its body as it is and its properties in headers: iothub-messageid,
// -correlationid, -userid, -contenttype, -contentencoding, -expiry (RFC 3339), -ack and
// iothub-app-{name}, whose names lose their case on the way; or, keeping it,
// "iothub-properties: Name=percent-encoded&…". The event call takes from=earliest,
// latest or a number, and stays open with follow=true.
//
// A [Handler] translates; registry, twins and queues are package hub's. It opens no
// socket and knows no keys: it asks a [ServiceAuthenticator]. It is not the device
// API over HTTPS.
package rest
