package server_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"twinrig/hub/auth"
)

// publisher is a minimal MQTT 3.1.1 client: it publishes telemetry of 256 bytes with QoS 1
// and counts what is acknowledged.
type publisher struct {
	conn    net.Conn
	publish []byte // one packet, whose id is written in before it is sent
	idAt    int
	id      uint16
	acks    [4096]byte
	partial int // bytes of an acknowledgement that is not complete
}

const payloadSize = 256

func mqttString(text string) []byte {
	return append(binary.BigEndian.AppendUint16(nil, uint16(len(text))), text...)
}

func mqttPacket(first byte, body []byte) []byte {
	packet := []byte{first}
	for n := len(body); ; {
		digit := byte(n & 127)
		if n >>= 7; n > 0 {
			packet = append(packet, digit|128)
			continue
		}
		packet = append(packet, digit)
		return append(packet, body...)
	}
}

// dialPublisher connects device number i.
func dialPublisher(p *peer, i int) (*publisher, error) {
	id := peerDevice(i)
	body := append(mqttString("MQTT"), 4, 0xc2, 0, 60)
	body = append(body, mqttString(id)...)
	token := "none"
	if p.isHub {
		var err error
		if token, err = auth.Sign("hub.example/devices/"+id, "", peerKey, time.Now().Add(time.Hour)); err != nil {
			return nil, err
		}
	}
	body = append(append(body, mqttString("hub.example/"+id+"/?api-version=2021-04-12")...), mqttString(token)...)
	conn, err := net.Dial("tcp", p.address)
	if err != nil {
		return nil, err
	}
	var ack [4]byte
	if _, err = conn.Write(mqttPacket(0x10, body)); err == nil {
		_, err = io.ReadFull(conn, ack[:])
	}
	if err == nil && ack[3] != 0 {
		err = fmt.Errorf("connect: return code %d", ack[3])
	}
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	topic := mqttString("devices/" + id + "/messages/events/")
	d := &publisher{conn: conn}
	d.publish = mqttPacket(0x32, append(append(topic, 0, 0), make([]byte, payloadSize)...))
	d.idAt = len(d.publish) - payloadSize - 2
	return d, nil
}

// subscribe subscribes with QoS 1 and waits for the answer.
func (d *publisher) subscribe(filters ...string) error {
	body := []byte{0, 1}
	for _, f := range filters {
		body = append(append(body, mqttString(f)...), 1)
	}
	if _, err := d.conn.Write(mqttPacket(0x82, body)); err != nil {
		return err
	}
	answer := make([]byte, 4+len(filters))
	if _, err := io.ReadFull(d.conn, answer); err != nil {
		return err
	}
	for _, code := range answer[4:] {
		if code > 1 {
			return fmt.Errorf("subscribe: code %#x", code)
		}
	}
	return nil
}

// send publishes n messages with one write.
func (d *publisher) send(n int, buffer []byte) error {
	buffer = buffer[:0]
	for range n {
		if d.id++; d.id == 0 {
			d.id = 1
		}
		binary.BigEndian.PutUint16(d.publish[d.idAt:], d.id)
		buffer = append(buffer, d.publish...)
	}
	_, err := d.conn.Write(buffer)
	return err
}

// receive waits for acknowledgements and returns how many there were.
func (d *publisher) receive() (int, error) {
	n, err := d.conn.Read(d.acks[d.partial:])
	n += d.partial
	d.partial = n % 4
	copy(d.acks[:], d.acks[n-d.partial:n])
	return n / 4, err
}

// flood keeps window messages unacknowledged until stop is set, and returns how many
// were acknowledged by then.
func (d *publisher) flood(window int, stop *atomic.Bool) (acked int, err error) {
	buffer := make([]byte, 0, window*len(d.publish))
	if err := d.send(window, buffer); err != nil {
		return 0, err
	}
	for left := window; ; {
		n, err := d.receive()
		if err != nil {
			return acked, err
		}
		if stop.Load() {
			if left -= n; left <= 0 {
				return acked, nil
			}
			continue
		}
		acked += n
		if err := d.send(n, buffer); err != nil {
			return acked, err
		}
	}
}

// connectInTurn connects the first n devices.
func connectInTurn(b *testing.B, p *peer, n int) []*publisher {
	b.Helper()
	devices := make([]*publisher, n)
	for i := range devices {
		d, err := dialPublisher(p, i)
		if err != nil {
			b.Fatalf("%s: device %d: %v", p.name, i, err)
		}
		devices[i] = d
	}
	return devices
}

func disconnect(devices []*publisher) {
	for _, d := range devices {
		_ = d.conn.Close()
	}
}

// throughput returns acknowledged messages per second.
func throughput(b *testing.B, p *peer, connections, window int, duration time.Duration) float64 {
	b.Helper()
	devices := connectInTurn(b, p, connections)
	defer disconnect(devices)
	var stop atomic.Bool
	var total atomic.Int64
	var all sync.WaitGroup
	start := time.Now()
	for _, d := range devices {
		all.Go(func() {
			n, err := d.flood(window, &stop)
			if err != nil {
				b.Errorf("%s: %v", p.name, err)
			}
			total.Add(int64(n))
		})
	}
	time.Sleep(duration)
	stop.Store(true)
	elapsed := time.Since(start)
	all.Wait()
	return float64(total.Load()) / elapsed.Seconds()
}

// latencies sends at a rate over all connections, evenly and whatever comes back, and
// returns the sorted times from when each message was due to its acknowledgement.
func latencies(b *testing.B, p *peer, connections int, rate float64, duration time.Duration) []time.Duration {
	b.Helper()
	devices := connectInTurn(b, p, connections)
	defer disconnect(devices)
	interval := time.Duration(float64(connections) / rate * float64(time.Second))
	start := time.Now().Add(100 * time.Millisecond)
	each := make([][]time.Duration, connections)
	var all sync.WaitGroup
	for i, d := range devices {
		all.Go(func() {
			buffer := make([]byte, 0, len(d.publish))
			due := start.Add(interval * time.Duration(i) / time.Duration(connections))
			for ; due.Before(start.Add(duration)); due = due.Add(interval) {
				time.Sleep(time.Until(due))
				err := d.send(1, buffer)
				for n := 0; n == 0 && err == nil; {
					n, err = d.receive()
				}
				if err != nil {
					b.Errorf("%s: %v", p.name, err)
					return
				}
				each[i] = append(each[i], time.Since(due))
			}
		})
	}
	all.Wait()
	sorted := slices.Concat(each...)
	slices.Sort(sorted)
	return sorted
}

func quantile(sorted []time.Duration, q float64) time.Duration {
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}

func median(values []float64) float64 {
	values = slices.Sorted(slices.Values(values))
	return values[len(values)/2]
}
