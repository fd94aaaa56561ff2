// Package server runs a whole hub: store, registry, MQTT front end, service API,
// certificates, keys and the devices it is to begin with.
//
//	s, err := server.Start(ctx, server.Config{DataDir: "hub-data"})
//	fmt.Println(s.ServiceConnectionString())
//	…
//	err = s.Close(ctx)
//
// With a data directory everything survives a restart: devices, events, policy keys
// and the certificate authority clients trust. Without one nothing touches the
// disk. Given in-memory listeners and Plaintext it runs in a testing/synctest bubble, and
// Close leaves no goroutine behind.
//
// One guard counts the connections of all listeners and holds those that have not proved
// who they are to limits of their own (Limits). Certificates, the hub's own or the user's
// files (TLS), are renewed while it runs.
//
// It reads no environment and no command line, and prints nothing: that is for
// the command that uses it.
package server
