// Package dps is the Device Provisioning Service: it knows which devices may come, and
// tells each of them which hub is theirs, having created it there.
//
// Services describe devices, one by one or as groups, by enrollments: how a device proves
// who it is (symmetric key, X.509 certificate, TPM), which hub it gets, and what its twin
// begins with. A device registers, is given an operation to ask after, and learns hub and
// device id when its assignment is done. A [Service] is both sides: a [hub.Provisioner] for
// the front ends that devices ask, and an [http.Handler] with the HTTPS API of devices and
// of services.
//
// It is not a hub and opens no socket. Hubs are those of this process, handed over in
// [Config]; what it knows is kept in their store under a key prefix of its own.
package dps
