package link_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"log"
	"net"
	"time"

	"twinrig/devicesim/link"
)

// printer is a device that prints what it is told.
type printer struct{}

func (printer) Method(name string, payload []byte) (int, []byte) {
	fmt.Println("called:", name, string(payload))
	return 200, []byte(`{"done":true}`)
}
func (printer) Desired(patch map[string]any) { fmt.Println("desired:", patch) }
func (printer) Command(c link.Command)       { fmt.Println("told:", string(c.Body)) }
func (printer) Lost(err error)               { fmt.Println("lost:", err) }

func Example() {
	cfg, err := link.ParseConnectionString("HostName=hub.example;DeviceId=truck-1;SharedAccessKey=c2VjcmV0")
	if err != nil {
		log.Fatal(err)
	}
	cfg.Dial = func(ctx context.Context) (net.Conn, error) {
		return (&tls.Dialer{}).DialContext(ctx, "tcp", cfg.HostName+":8883")
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	device := link.NewMQTT5(cfg)
	if err := device.Connect(ctx, printer{}); err != nil {
		log.Fatal(err)
	}
	defer device.Close(ctx)
	if err := device.Send(ctx, link.Message{Body: []byte(`{"temperature":-18.5}`)}); err != nil {
		log.Fatal(err)
	}
}
