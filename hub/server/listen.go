package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"syscall"
)

// open returns the listener of a front end, called name in errors.
func (l Listen) open(ctx context.Context, name string) (net.Listener, error) {
	if l.Listener != nil {
		return l.Listener, nil
	}
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp", l.Address)
	if err != nil {
		return nil, fmt.Errorf("listen for %s on %s: %w%s", name, l.Address, cause(err), listenHint(l.Address, err))
	}
	return listener, nil
}

// cause drops what package net says before the reason: the address is named already.
func cause(err error) error {
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Err
	}
	return err
}

// listenHint tells a user what to do about a listen error.
func listenHint(address string, err error) string {
	_, text, _ := net.SplitHostPort(address)
	port, _ := strconv.Atoi(text)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Sprintf(" (port %d is in use: stop the program that has it, another hub perhaps, or choose another port or address such as 127.0.0.2)", port)
	case errors.Is(err, os.ErrPermission) && port < 1024:
		return fmt.Sprintf(" (port %d is below 1024: run as root, give the program the capability cap_net_bind_service, or choose a port above 1023;"+
			" Azure's REST SDKs can use no other than 443)", port)
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return " (this machine does not have that address)"
	}
	return ""
}
