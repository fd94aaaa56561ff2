package broker

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// retained keeps the last message of each topic that was published to be kept.
type retained struct {
	mu    sync.RWMutex // held while a message is stored, so that disk and memory agree
	tree  tree[*keptMessage]
	count int
	bytes int
}

type keptMessage struct {
	message *Message
	doc     *document
}

// keep puts m in the place of its topic's message; one without payload empties it.
func (r *retained) keep(b *Broker, m *Message) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(m.Payload) == 0 {
		return r.remove(m.Topic)
	}
	if err := r.makeRoom(m, b.cfg); err != nil {
		return err
	}
	node := r.tree.at(m.Topic)
	if !node.set {
		node.value, node.set = &keptMessage{doc: &document{docs: b.docs, key: hashedKey(retainedKeys, m.Topic)}}, true
		r.count++
	}
	body, err := json.Marshal(m)
	if err == nil {
		err = node.value.doc.put(body)
	}
	if err != nil {
		if node.value.message == nil {
			r.forget(m.Topic)
		}
		return fmt.Errorf("retain message: %w", err)
	}
	if before := node.value.message; before != nil {
		r.bytes -= before.size()
	}
	node.value.message = m
	r.bytes += m.size()
	return nil
}

func (r *retained) remove(topic string) error {
	node := r.tree.find(topic)
	if node == nil || !node.set {
		return nil
	}
	if err := node.value.doc.put(nil); err != nil {
		return fmt.Errorf("remove retained message: %w", err)
	}
	r.bytes -= node.value.message.size()
	r.forget(topic)
	return nil
}

func (r *retained) forget(topic string) {
	r.tree.remove(topic)
	r.count--
}

// makeRoom lets expired messages go when there are too many.
func (r *retained) makeRoom(m *Message, c Config) error {
	if r.hasRoom(m, c) {
		return nil
	}
	var expired []string
	r.tree.matched("#", false, func(k *keptMessage) { // topics with $ too
		if k.message.expired() {
			expired = append(expired, k.message.Topic)
		}
	})
	for _, topic := range expired {
		if err := r.remove(topic); err != nil {
			return err
		}
	}
	if !r.hasRoom(m, c) {
		return refuse(codeQuotaExceeded, "%d messages of %d bytes are retained, which is the limit", r.count, r.bytes)
	}
	return nil
}

// hasRoom says whether m fits, in addition or in the place of its topic's message.
func (r *retained) hasRoom(m *Message, c Config) bool {
	count, bytes := r.count+1, r.bytes+m.size()
	if node := r.tree.find(m.Topic); node != nil && node.set {
		count, bytes = count-1, bytes-node.value.message.size()
	}
	return count <= c.MaxRetained && bytes <= c.MaxRetainedBytes
}

// match returns the messages of the topics that a filter matches, ordered by topic.
func (r *retained) match(filter string) (all []*Message) {
	r.mu.RLock()
	r.tree.topicsOf(filter, func(k *keptMessage) {
		if !k.message.expired() {
			all = append(all, k.message)
		}
	})
	r.mu.RUnlock()
	slices.SortFunc(all, func(x, y *Message) int { return strings.Compare(x.Topic, y.Topic) })
	return all
}
