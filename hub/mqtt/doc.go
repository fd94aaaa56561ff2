// Package mqtt is the hub's MQTT front end: the IoT Hub device endpoint for MQTT
// 3.1.1 and the documented preview API for MQTT 5.
//
// A [Front] is given connections and translates between packets and a [hub.Hub]:
// authentication, telemetry, twins, direct methods and cloud-to-device messages
// live in package hub, once for all protocols. Every packet passes a gate first,
// which bounds it before memory is set aside and checks it against the standard,
// so that what is decoded afterwards is well-formed. A PUBACK leaves after the hub
// has appended the message.
//
// Of mochi-mqtt this package uses the packet codec. Its server is left out: sessions,
// subscriptions and delivery are a few fixed topics for one connection a device here,
// and its reason codes, its DISCONNECT to MQTT 3.1.1 clients and its in-flight table
// are in the way.
//
// A device that has no hub yet asks a [hub.Provisioner] on the same listener: the form of
// its user name tells it apart.
//
// As IoT Hub it is not a broker: clients cannot talk to each other, nothing is retained and
// topics other than those of IoT Hub are refused. [NewBroker] puts the same gate, connection
// and output in front of package broker, which is one, for solutions that are not made for
// Azure. It has no opinion on TLS or WebSockets: it takes whatever [net.Conn] the server
// hands it.
package mqtt
