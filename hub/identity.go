package hub

import (
	"errors"
	"strings"
)

// Identity names what connects to the hub and has a twin: a device by its id, one of
// its modules by device/module. Where this package takes the id of a device it takes
// an identity, unless it says otherwise.
func Identity(device, module string) string {
	if module == "" {
		return device
	}
	return device + "/" + module
}

// SplitIdentity is the inverse of Identity; module is empty for a device.
func SplitIdentity(id string) (device, module string) {
	device, module, _ = strings.Cut(id, "/")
	return device, module
}

// CheckIdentity checks both ids of an identity like CheckDeviceID.
func CheckIdentity(id string) error {
	device, module, isModule := strings.Cut(id, "/")
	if err := CheckDeviceID(device); err != nil {
		return err
	}
	if !isModule {
		return nil
	}
	if strings.Contains(module, "/") {
		return errors.New("a module belongs to a device, not to a module")
	}
	return checkID("module id", module)
}

// describe names an identity within a message to people, subject at its beginning.
func describe(id string) string {
	if strings.Contains(id, "/") {
		return "module " + id
	}
	return "device " + id
}

func subject(id string) string {
	if strings.Contains(id, "/") {
		return "Module " + id
	}
	return "Device " + id
}

// deviceOf returns the device an identity belongs to.
func deviceOf(id string) string {
	device, _ := SplitIdentity(id)
	return device
}
