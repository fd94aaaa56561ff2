package hub

// Session is one live connection of a device as the hub core drives it. A
// front end (MQTT, AMQP, HTTP) implements it. Its methods are called from any
// goroutine, must not block on the network and must not call back into the hub.
type Session interface {
	// Method sends a call to the device. ErrNotSubscribed when the device does
	// not listen for methods.
	Method(MethodRequest) error
	// Desired tells the device that its desired properties changed. patch is
	// JSON that carries "$version" as well.
	Desired(version int64, patch []byte)
	// CommandsWaiting says that the queue may hold commands; the session takes
	// them with Connection.NextCommand when it has room.
	CommandsWaiting()
	// Close ends the connection. It returns at once and may be called twice.
	Close(CloseReason)
}

// CloseReason says why the hub ends a session.
type CloseReason int

// The reasons.
const (
	CloseTakenOver CloseReason = iota + 1
	CloseDeviceDisabled
	CloseDeviceDeleted
	CloseCredentialsChanged
	CloseTokenExpired
	CloseShutdown
	CloseFault // the device asked for it
)

// ConnectInfo is what a front end learnt while a device connected.
type ConnectInfo struct {
	DeviceID   string // an identity
	ModelID    string
	AuthMethod string // JSON text for events; empty leaves the annotation out
	Anchor     Anchor // of the grant
}
