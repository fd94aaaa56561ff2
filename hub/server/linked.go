package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"twinrig/hub"
	"twinrig/hub/auth"
	"twinrig/hub/dps"
	"twinrig/hub/mqtt"
	"twinrig/hub/rest"
	"twinrig/hub/store"
)

// LinkedHub is a further hub of this process, to which the provisioning service assigns
// devices too. It answers on the same listeners, to those who call it by its name.
type LinkedHub struct {
	HostName string
	Weight   int           // share of devices; 0 = 1
	Latency  time.Duration // what allocation by latency goes by
}

// linkedHub is a running LinkedHub. It has policies and a store of its own.
type linkedHub struct {
	LinkedHub
	store *store.Store
	hub   *hub.Hub
	front *mqtt.Front
	api   *rest.Handler
}

const linkedDir = "hubs"

func (s *Server) openLinked(ctx context.Context) error {
	for _, l := range s.cfg.Linked {
		opened := &linkedHub{LinkedHub: l}
		s.linked = append(s.linked, opened) // also when it opens in part: Close closes that
		if err := opened.open(ctx, s); err != nil {
			return fmt.Errorf("linked hub %s: %w", l.HostName, err)
		}
	}
	return nil
}

func (l *linkedHub) open(ctx context.Context, s *Server) (err error) {
	dir := dataDir("")
	if s.dir != "" {
		dir = dataDir(s.dir.path(filepath.Join(linkedDir, strings.ToLower(l.HostName))))
	}
	if err := dir.make(); err != nil {
		return err
	}
	if l.store, err = store.Open(ctx, store.Options{Dir: dir.store(), Sync: s.cfg.Sync}); err != nil {
		return err
	}
	cfg := hub.Config{HostName: l.HostName, Partitions: s.cfg.Partitions, Random: s.cfg.Random, Log: s.cfg.Log}
	if dir != "" {
		if cfg.Policies, err = dir.policies(cfg.Random); err != nil {
			return err
		}
	}
	l.hub, err = hub.New(cfg, l.store)
	return err
}

// serve makes the front ends. Their listeners are the server's.
func (l *linkedHub) serve(cfg mqtt.Config) {
	authenticator := auth.New(l.hub)
	l.front = mqtt.New(l.hub, authenticator, cfg)
	l.api = rest.New(l.hub, authenticator, rest.Config{Log: cfg.Log})
}

// close comes after that of the server's own front ends, which have the connections.
func (l *linkedHub) close(ctx context.Context) error {
	var errs []error
	if l.front != nil {
		errs = append(errs, l.front.Close(ctx))
	}
	if l.hub != nil {
		errs = append(errs, l.hub.Close(ctx))
	}
	if l.store != nil {
		errs = append(errs, l.store.Close())
	}
	return errors.Join(errs...)
}

// links are the hubs that devices are assigned to.
func (s *Server) links() []dps.Link {
	all := []dps.Link{{Hub: s.hub, Weight: s.cfg.Provisioning.Weight, Latency: s.cfg.Provisioning.Latency}}
	for _, l := range s.linked {
		all = append(all, dps.Link{Hub: l.hub, Weight: l.Weight, Latency: l.Latency})
	}
	return all
}

// linkedTo returns the linked hub of that name, with or without a port.
func (s *Server) linkedTo(host string) *linkedHub {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	for _, l := range s.linked {
		if strings.EqualFold(l.HostName, host) {
			return l
		}
	}
	return nil
}

// frontOf tells the MQTT front whose device a client is; nil when its own.
func (s *Server) frontOf(host string) *mqtt.Front {
	if l := s.linkedTo(host); l != nil {
		return l.front
	}
	return nil
}

// apiOf is the API of the hub a request is for.
func (s *Server) apiOf(r *http.Request) http.Handler {
	if l := s.linkedTo(r.Host); l != nil {
		return l.api
	}
	return s.api
}

// LinkedConnectionStrings are ServiceConnectionString for the linked hubs, by host name.
func (s *Server) LinkedConnectionStrings() map[string]string {
	texts := map[string]string{}
	for _, l := range s.linked {
		if p, ok := l.hub.Policy(ownerPolicy); ok {
			host := l.HostName + strings.TrimPrefix(s.hostWithPort(s.httpListener, standardHTTP), s.cfg.HostName)
			texts[l.HostName] = fmt.Sprintf("HostName=%s;SharedAccessKeyName=%s;SharedAccessKey=%s", host, p.Name, p.PrimaryKey)
		}
	}
	return texts
}
