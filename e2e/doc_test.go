// Package e2e holds the end-to-end tests: the twinrig program as a user starts
// it, driven by programs that are not ours. Azure's Node.js SDKs, unmodified,
// talk to `twinrig hub` on the ports they insist on; devices and a service keep
// counting what the hub acknowledged while it is killed; a browser reads the
// report.
//
// It is not the place to test what one package does: those tests stand beside
// their package.
//
// What a test needs besides Go is installed by `make setup`. Without it the test
// is skipped and says what to run; with CI=true it fails.
package e2e
