package link

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"net"
	"strings"
	"time"
)

// Config says who connects where.
type Config struct {
	HostName string // of the hub, as in the connection string
	DeviceID string
	Key      string // device key, base64
	ModelID  string // Plug and Play model, such as "dtmi:com:example:Truck;1"; empty for none

	// Dial opens the transport. TLS, in-memory pipes and faults are its business.
	Dial func(ctx context.Context) (net.Conn, error)

	KeepAlive  time.Duration // longest silence on the wire; default 4 minutes, as the C SDK
	TokenTTL   time.Duration // validity of a token, renewed at 85 % of it; default 1 hour
	AckTimeout time.Duration // bound of every wait for the hub without another deadline; default 30 s
}

// Defaults of Config, after the C SDK.
const (
	defaultKeepAlive  = 240 * time.Second
	defaultTokenTTL   = time.Hour
	defaultAckTimeout = 30 * time.Second
)

func (c Config) withDefaults() Config {
	if c.KeepAlive <= 0 {
		c.KeepAlive = defaultKeepAlive
	}
	if c.TokenTTL <= 0 {
		c.TokenTTL = defaultTokenTTL
	}
	if c.AckTimeout <= 0 {
		c.AckTimeout = defaultAckTimeout
	}
	return c
}

func (c Config) check() error {
	switch {
	case c.HostName == "":
		return errors.New("no host name")
	case c.DeviceID == "":
		return errors.New("no device id")
	case c.Dial == nil:
		return errors.New("no dialer")
	case len(c.HostName) > 255 || len(c.DeviceID) > 128 || len(c.ModelID) > 4096:
		return errors.New("host name, device id or model id is too long (255, 128, 4096)")
	}
	_, err := c.key()
	return err
}

func (c Config) key() ([]byte, error) {
	key, err := base64.StdEncoding.DecodeString(c.Key)
	if err != nil || len(key) == 0 {
		// the decoder's own message would quote the key
		return nil, errors.New("device key is not base64; copy it from the connection string, '=' at the end included")
	}
	return key, nil
}

// keepAliveSeconds is the CONNECT field, rounded up: zero would turn it off.
func (c Config) keepAliveSeconds() uint16 {
	s := math.Ceil(c.KeepAlive.Seconds())
	return uint16(min(s, math.MaxUint16))
}

// ParseConnectionString reads
// "HostName=…;DeviceId=…;SharedAccessKey=…" in any order. Dial and the rest are
// for the caller to fill in.
func ParseConnectionString(s string) (Config, error) {
	var c Config
	for part := range strings.SplitSeq(s, ";") {
		if strings.TrimSpace(part) == "" {
			continue
		}
		name, value, ok := strings.Cut(part, "=")
		if !ok {
			return Config{}, errors.New("parse connection string: a part has no '='; want HostName=…;DeviceId=…;SharedAccessKey=…")
		}
		if err := c.setPart(strings.TrimSpace(name), strings.TrimSpace(value)); err != nil {
			return Config{}, fmt.Errorf("parse connection string: %w", err)
		}
	}
	if c.HostName == "" || c.DeviceID == "" || c.Key == "" {
		return Config{}, errors.New("parse connection string: want HostName, DeviceId and SharedAccessKey")
	}
	if _, err := c.key(); err != nil {
		return Config{}, fmt.Errorf("parse connection string: %w", err)
	}
	return c, nil
}

func (c *Config) setPart(name, value string) error {
	var field *string
	switch name {
	case "HostName":
		field = &c.HostName
	case "DeviceId":
		field = &c.DeviceID
	case "SharedAccessKey":
		field = &c.Key
	case "SharedAccessKeyName":
		return errors.New("this is a service's connection string (SharedAccessKeyName); a device needs its own, with DeviceId")
	default:
		return fmt.Errorf("part %q is not supported; want HostName, DeviceId and SharedAccessKey", name)
	}
	if *field != "" {
		return fmt.Errorf("part %q is given twice", name)
	}
	*field = value
	return nil
}
