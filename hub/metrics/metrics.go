package metrics

import (
	"iter"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"twinrig/hub"
)

// storeTimeout bounds what is asked of the store for one scrape.
const storeTimeout = 5 * time.Second

// Front is a front end that devices connect to.
type Front interface {
	Connections() map[string]int // by protocol
	Refusals() iter.Seq2[string, uint64]
}

// Source is a hub with its front end.
type Source struct {
	Hub   *hub.Hub
	Front Front
}

// Listeners are what the hubs of a process share.
type Listeners struct {
	Refusals *hub.Counts // connections not accepted, by reason
	HTTP     func() int  // open HTTP connections
}

// Handler answers scrapes with the meters of all sources and of the Go runtime.
func Handler(shared Listeners, sources ...Source) http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), shared)
	for _, s := range sources {
		prometheus.WrapRegistererWith(prometheus.Labels{"hub": s.Hub.HostName()}, registry).MustRegister(s)
	}
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4})
}

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("twinrig_hub_"+name, help, labels, nil)
}

var (
	listenersRefused = prometheus.NewDesc("twinrig_listener_refused_total", "Connections that were not accepted.", []string{"reason"}, nil)
	httpConnections  = prometheus.NewDesc("twinrig_listener_http_connections", "Open HTTP connections, of services and devices.", nil, nil)

	connections    = describe("connections", "Devices and modules connected.", "protocol")
	refused        = describe("connects_refused_total", "Connections of devices that were refused.", "reason")
	devices        = describe("devices", "Registered devices.", "status")
	events         = describe("messages_total", "Device-to-cloud messages stored.")
	eventBytes     = describe("message_bytes_total", "Bytes of their bodies.")
	eventsFailed   = describe("messages_refused_total", "Device-to-cloud messages refused or not stored.")
	acknowledge    = describe("acknowledge_seconds", "From the arrival of a message to its acknowledgement, which is after its append.")
	appends        = describe("append_seconds", "One append to the store, of all messages that were waiting.")
	twinOperations = describe("twin_operations_total", "Operations on twins.", "operation")
	methods        = describe("methods_total", "Direct method calls.", "outcome")
	queued         = describe("commands_queued_total", "Cloud-to-device messages queued.")
	ended          = describe("commands_ended_total", "Cloud-to-device messages that left their queue.", "outcome")
	registryOps    = describe("registry_operations_total", "Identities created, updated and deleted.", "operation")
	throttled      = describe("throttled_total", "Operations refused for a quota.", "operation")
	eventsNext     = describe("partition_next_event", "Number of the next event of a partition.", "partition")
	eventsFirst    = describe("partition_first_event", "Number of the oldest event kept of a partition.", "partition")
)

// Describe implements prometheus.Collector.
func (Listeners) Describe(out chan<- *prometheus.Desc) {
	out <- listenersRefused
	out <- httpConnections
}

// Collect implements prometheus.Collector.
func (l Listeners) Collect(out chan<- prometheus.Metric) {
	counts(out, listenersRefused, l.Refusals.All())
	out <- gauge(httpConnections, float64(l.HTTP()))
}

// Describe implements prometheus.Collector.
func (Source) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		connections, refused, devices, events, eventBytes, eventsFailed, acknowledge, appends, twinOperations,
		methods, queued, ended, registryOps, throttled, eventsNext, eventsFirst,
	} {
		out <- d
	}
}
