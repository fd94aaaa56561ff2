package metrics

import (
	"context"
	"iter"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"

	"twinrig/hub"
)

// Collect implements prometheus.Collector.
func (s Source) Collect(out chan<- prometheus.Metric) {
	m := s.Hub.Meters()
	for protocol, n := range s.Front.Connections() {
		out <- gauge(connections, float64(n), protocol)
	}
	counts(out, refused, s.Front.Refusals())
	out <- counter(events, m.Events.Load())
	out <- counter(eventBytes, m.EventBytes.Load())
	out <- counter(eventsFailed, m.EventsFailed.Load())
	out <- histogram(acknowledge, &m.Acknowledge)
	out <- histogram(appends, &m.Append)
	counts(out, twinOperations, m.TwinOperations.All())
	counts(out, methods, m.Methods.All())
	out <- counter(queued, m.CommandsQueued.Load())
	counts(out, ended, m.CommandsEnded.All())
	counts(out, registryOps, m.Registry.All())
	counts(out, throttled, m.Throttled.All())
	s.collectStored(out)
}

// collectStored asks the store; what it does not answer in time is left out.
func (s Source) collectStored(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), storeTimeout)
	defer cancel()
	if _, enabled, disabled, _, err := s.Hub.Statistics(ctx); err == nil {
		out <- gauge(devices, float64(enabled), "enabled")
		out <- gauge(devices, float64(disabled), "disabled")
	}
	for p := range s.Hub.Partitions() {
		first, next, err := s.Hub.PartitionInfo(ctx, p)
		if err != nil {
			continue
		}
		out <- gauge(eventsFirst, float64(first), strconv.Itoa(p))
		out <- gauge(eventsNext, float64(next), strconv.Itoa(p))
	}
}

func gauge(d *prometheus.Desc, v float64, labels ...string) prometheus.Metric {
	return prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
}

func counter(d *prometheus.Desc, n uint64, labels ...string) prometheus.Metric {
	return prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(n), labels...)
}

func counts(out chan<- prometheus.Metric, d *prometheus.Desc, all iter.Seq2[string, uint64]) {
	for label, n := range all {
		out <- counter(d, n, label)
	}
}

// histogram makes the counts cumulative, as Prometheus wants them.
func histogram(d *prometheus.Desc, h *hub.Histogram) prometheus.Metric {
	buckets, sum := h.Read()
	cumulative, total := map[float64]uint64{}, uint64(0)
	for i, n := range buckets {
		total += n
		if i < len(hub.Bounds) {
			cumulative[hub.Bounds[i].Seconds()] = total
		}
	}
	return prometheus.MustNewConstHistogram(d, total, sum.Seconds(), cumulative)
}
