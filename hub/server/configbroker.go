package server

// What MQTT clients of a server may find.
const (
	ProfileHub    = "iothub"
	ProfileBroker = "broker"
)

// Ports of a broker that nobody configured. Unlike 443, these need no rights.
const (
	BrokerHTTPS = "8443"
	BrokerPlain = "1883"
)

// broker reads what the file says of a broker. The section may stand there while the
// profile is another.
func (f *configFile) broker() (err error) {
	switch f.in.Profile {
	case "", ProfileHub:
		return nil
	case ProfileBroker:
	default:
		return f.wrong("profile", "%q is unknown; there are %s and %s", f.in.Profile, ProfileHub, ProfileBroker)
	}
	in := f.in.Broker
	out := &Broker{RulesFile: f.file(in.RulesFile), PasswordFile: f.file(in.PasswordFile), Anonymous: in.AllowAnonymous}
	f.out.Config.Broker = out
	if in.PlainPort != nil && *in.PlainPort == -1 {
		return nil
	}
	out.Plain.Address, err = f.address("listen", "broker.plainPort", f.in.Listen.Address, in.PlainPort, BrokerPlain)
	return err
}
