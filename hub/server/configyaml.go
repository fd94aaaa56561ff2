package server

import (
	"fmt"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// configYAML is a configuration file as it is written. The schema describes the same for
// editors, and the example for people.
type configYAML struct {
	HostName      string           `yaml:"hostName"`
	Aliases       []string         `yaml:"aliases"`
	Listen        listenYAML       `yaml:"listen"`
	Data          dataYAML         `yaml:"data"`
	TLS           tlsYAML          `yaml:"tls"`
	Connections   connectionsYAML  `yaml:"connections"`
	MQTT          mqttYAML         `yaml:"mqtt"`
	Profile       string           `yaml:"profile"`
	Broker        brokerYAML       `yaml:"broker"`
	Policies      []policyYAML     `yaml:"policies"`
	Devices       []specYAML       `yaml:"devices"`
	Provisioning  provisioningYAML `yaml:"provisioning"`
	LinkedHubs    []linkedYAML     `yaml:"linkedHubs"`
	Uploads       *bool            `yaml:"uploads"`
	FeedbackDelay duration         `yaml:"feedbackDelay"`
	Quotas        quotasYAML       `yaml:"quotas"`
	Admin         adminYAML        `yaml:"admin"`
	Log           logYAML          `yaml:"log"`
}

type listenYAML struct {
	Address string `yaml:"address"`
	MQTT    *int   `yaml:"mqtt"`
	HTTPS   *int   `yaml:"https"`
}

type dataYAML struct {
	Directory         string `yaml:"directory"`
	Sync              bool   `yaml:"sync"`
	Partitions        int    `yaml:"partitions"`
	BytesPerPartition int64  `yaml:"bytesPerPartition"`
}

type tlsYAML struct {
	Certificates []certificateYAML `yaml:"certificates"`
	Profile      string            `yaml:"profile"`
}

type certificateYAML struct {
	Chain string `yaml:"chain"`
	Key   string `yaml:"key"`
}

type connectionsYAML struct {
	Max                 int      `yaml:"max"`
	Strangers           int      `yaml:"strangers"`
	StrangersPerAddress int      `yaml:"strangersPerAddress"`
	RequestsPerSecond   int      `yaml:"requestsPerSecond"`
	AuthenticateWithin  duration `yaml:"authenticateWithin"`
}

type mqttYAML struct {
	WriteTimeout      duration `yaml:"writeTimeout"`
	MaxKeepAlive      duration `yaml:"maxKeepAlive"`
	MaxPacketSize     int      `yaml:"maxPacketSize"`
	ReceiveMaximum    int      `yaml:"receiveMaximum"`
	TopicAliasMaximum int      `yaml:"topicAliasMaximum"`
}

type brokerYAML struct {
	PlainPort      *int   `yaml:"plainPort"`
	RulesFile      string `yaml:"aclFile"`
	PasswordFile   string `yaml:"passwordFile"`
	AllowAnonymous bool   `yaml:"allowAnonymous"`
}

type policyYAML struct {
	Name         string   `yaml:"name"`
	PrimaryKey   string   `yaml:"primaryKey"`
	SecondaryKey string   `yaml:"secondaryKey"`
	Rights       []string `yaml:"rights"`
}

type provisioningYAML struct {
	IDScope                string   `yaml:"idScope"`
	HostName               string   `yaml:"hostName"`
	RegistrationsPerMinute int      `yaml:"registrationsPerMinute"`
	PollsPerTenSeconds     int      `yaml:"pollsPerTenSeconds"`
	Weight                 int      `yaml:"weight"`
	Latency                duration `yaml:"latency"`
}

type linkedYAML struct {
	HostName string   `yaml:"hostName"`
	Weight   int      `yaml:"weight"`
	Latency  duration `yaml:"latency"`
}

// quotasYAML holds pointers where a rate replaces the tier's.
type quotasYAML struct {
	Tier           string   `yaml:"tier"`
	Units          int      `yaml:"units"`
	Registry       *float64 `yaml:"registry"`
	Connections    *float64 `yaml:"connections"`
	Telemetry      *float64 `yaml:"telemetry"`
	CommandSends   *float64 `yaml:"commandSends"`
	CommandFetches *float64 `yaml:"commandFetches"`
	Uploads        *float64 `yaml:"uploads"`
	MethodBytes    *float64 `yaml:"methodBytes"`
	Queries        *float64 `yaml:"queries"`
	TwinReads      *float64 `yaml:"twinReads"`
	TwinUpdates    *float64 `yaml:"twinUpdates"`
	DailyMessages  *int     `yaml:"dailyMessages"`
	MessageUnit    *int     `yaml:"messageUnit"`
}

type adminYAML struct {
	Address string `yaml:"address"`
	Port    *int   `yaml:"port"`
}

type logYAML struct {
	Level  string `yaml:"level"`
	Format string `yaml:"format"`
}

// duration is a time.Duration that knows its line when it is not one.
type duration time.Duration

// UnmarshalYAML reads text such as "90s".
func (d *duration) UnmarshalYAML(node ast.Node) error {
	text := node.GetToken().Value
	v, err := time.ParseDuration(text)
	if err != nil {
		return &yaml.SyntaxError{Message: fmt.Sprintf("%.40q is no duration; write one such as 30s or 5m", text), Token: node.GetToken()}
	}
	*d = duration(v)
	return nil
}
