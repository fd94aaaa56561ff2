package mqtt

import "github.com/mochi-mqtt/server/v2/packets"

// clientAliases are the topic aliases that a client has set.
type clientAliases map[uint16]string

// resolve puts the topic of an aliased publish in its place.
func (a *clientAliases) resolve(pk *packets.Packet, maximum int) *fault {
	alias := pk.Properties.TopicAlias
	switch {
	case alias == 0:
		return nil
	case int(alias) > maximum:
		return faultf(codeTopicAliasInvalid, "topic alias %d; at most %d are allowed", alias, maximum)
	case pk.TopicName != "":
		if *a == nil {
			*a = clientAliases{}
		}
		(*a)[alias] = pk.TopicName
		return nil
	}
	topic, ok := (*a)[alias]
	if !ok {
		return protocolError("topic alias %d was not set", alias)
	}
	pk.TopicName = topic
	return nil
}

// hubAliases are the topic aliases that the hub has set for a client.
type hubAliases map[string]uint16

// shorten replaces the topic of a publish by its alias, or announces one with it while
// the client takes more. It returns the topic.
func (a hubAliases) shorten(pk *packets.Packet, maximum int) (topic string) {
	topic = pk.TopicName
	if pk.FixedHeader.Type != packets.Publish || maximum == 0 {
		return topic
	}
	alias, known := a[topic]
	switch {
	case known:
		pk.TopicName = ""
	case len(a) < maximum:
		alias = uint16(len(a) + 1)
	default:
		return topic
	}
	pk.Properties.TopicAlias, pk.Properties.TopicAliasFlag = alias, true
	return topic
}

// learn notes the alias that a publish has announced.
func (a *hubAliases) learn(topic string, pk *packets.Packet) {
	if !pk.Properties.TopicAliasFlag {
		return
	}
	if *a == nil {
		*a = hubAliases{}
	}
	(*a)[topic] = pk.Properties.TopicAlias
}
