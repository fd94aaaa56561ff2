// Package host is the inside of an FMU's process: it loads the library and does
// what package fmi asks for. A program that imports FMUs calls [Serve] when it is
// started as a host; nothing else should import this package, as it runs native
// code that may do anything.
package host
