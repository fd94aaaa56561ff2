// Package broker is an MQTT 3.1.1 and 5 broker without its wire: sessions, subscriptions,
// retained messages, wills, queues and who may do what. Package mqtt, which owns
// connections, hands it the packets that passed the gate and gives it a [Link] to answer on.
//
// A message of QoS 1 or 2 is acknowledged to its publisher when it is stored for every
// session that outlives its connection. One stored document holds the message and all whom
// it waits for, so that a killed process leaves either all of that behind or nothing.
//
// What waits for a client is bounded: beyond [Config.MaxQueued] messages the newest is
// dropped for that client, and nobody else notices. Messages of QoS 0 do not wait for
// clients that are away.
//
// Of mochi-mqtt it uses the type of decoded packets; nothing enters mochi's server. It
// bridges to no other broker and publishes no $SYS topics.
package broker
