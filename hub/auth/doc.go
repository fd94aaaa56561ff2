// Package auth decides who may talk to the hub: it checks shared access
// signature tokens, the signed CONNECT of the MQTT 5 preview API and the
// thumbprints of self-signed client certificates.
//
// An [Authenticator] serves the device front ends (hub.Authenticator) and the
// service API from one set of rules. It reads devices and policies through the
// small [Directory] interface, which *hub.Hub implements, and holds no state of
// its own.
//
// The package does not read sockets or headers, and does not watch for tokens
// that run out while a connection lives: a front end ends the session when
// hub.Grant says so. Certificates signed by a registered authority are refused
// until the hub can register one.
//
// Errors are *hub.Error values of class 401. They name what did not fit, for a
// test rig has to tell its user what is wrong, and never contain a key, a
// signature or a token.
package auth
