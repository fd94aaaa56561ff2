// Package auth decides who may talk to the hub: it checks shared access
// signature tokens, the signed CONNECT of the MQTT 5 preview API, and client
// certificates, by their thumbprint or by the chain to a CA certificate of which the
// hub has seen that its owner holds the key.
//
// An [Authenticator] serves the device front ends (hub.Authenticator) and the
// service API from one set of rules. It reads devices and policies through the
// small [Directory] interface, which *hub.Hub implements, and holds no state of
// its own.
//
// The package does not read sockets or headers, and does not watch for tokens
// that run out while a connection lives: a front end ends the session when
// hub.Grant says so, and the hub when what the grant rests on is taken away.
//
// Errors are *hub.Error values of class 401. They name what did not fit, for the log
// of a test rig has to tell its user what is wrong, and never contain a key, a
// signature or a token. A front end does not pass them on to a device: it would
// tell strangers which devices there are.
package auth
