// Package metrics shows the meters of hubs to Prometheus. It has a registry of its own and
// leaves the global one alone.
//
//	http.Handle("/metrics", metrics.Handler(metrics.Source{Hub: h, Front: front}))
//
// It measures nothing itself: a hub counts what it does, and this package reads that when
// somebody asks.
package metrics
