package server

import (
	"fmt"
	"log/slog"
	"time"

	"twinrig/hub"
	"twinrig/hub/dps"
)

// maxPartitions is what Azure's largest hubs have.
const maxPartitions = 128

func (f *configFile) policies() error {
	seen := map[string]bool{}
	for i, p := range f.in.Policies {
		place := fmt.Sprintf("policies[%d]", i)
		if p.Name == "" || seen[p.Name] {
			return f.wrong(place, "each policy has a name of its own")
		}
		seen[p.Name] = true
		made, err := policyJSON(p).policy()
		if err != nil {
			return f.wrong(place, "%w", err)
		}
		f.out.Config.Policies = append(f.out.Config.Policies, made)
	}
	return nil
}

func (f *configFile) devices() (err error) {
	f.out.Config.Devices, err = fileYAML{Devices: f.in.Devices}.specs(f.path)
	return err
}

func (f *configFile) provisioning() error {
	p := f.in.Provisioning
	f.out.Config.Provisioning = Provisioning{IDScope: p.IDScope, HostName: p.HostName,
		Limits: dps.Limits{Registrations: p.RegistrationsPerMinute, Polls: p.PollsPerTenSeconds},
		Weight: p.Weight, Latency: time.Duration(p.Latency)}
	if p.Weight < 0 || p.Latency < 0 {
		return f.wrong("provisioning", "weight or latency is negative")
	}
	if p.HostName != "" {
		if err := checkHost(p.HostName); err != nil {
			return f.wrong("provisioning.hostName", "%q %w", p.HostName, err)
		}
	}
	if err := f.notNegative("provisioning.registrationsPerMinute", int64(p.RegistrationsPerMinute)); err != nil {
		return err
	}
	return f.notNegative("provisioning.pollsPerTenSeconds", int64(p.PollsPerTenSeconds))
}

func (f *configFile) linked() error {
	for i, l := range f.in.LinkedHubs {
		place := fmt.Sprintf("linkedHubs[%d]", i)
		if err := checkHost(l.HostName); err != nil {
			return f.wrong(place, "host name %q %w", l.HostName, err)
		}
		if l.Weight < 0 || l.Latency < 0 {
			return f.wrong(place, "weight or latency is negative")
		}
		f.out.Config.Linked = append(f.out.Config.Linked, LinkedHub{l.HostName, l.Weight, time.Duration(l.Latency)})
	}
	return nil
}

// quotas are those of a tier, of which single rates may be replaced, or single rates alone.
func (f *configFile) quotas() (err error) {
	q, limits := f.in.Quotas, &hub.Limits{}
	switch {
	case q.Tier == "" && q.Units != 0:
		return f.wrong("quotas.units", "units are those of a tier; name the tier")
	case q.Tier != "":
		if limits, err = hub.TierLimits(q.Tier, max(q.Units, 1)); err != nil || q.Units < 0 {
			return f.wrong("quotas.tier", "%w", err)
		}
	}
	for _, rate := range []struct {
		name string
		from *float64
		to   *float64
	}{
		{"registry", q.Registry, &limits.Registry}, {"connections", q.Connections, &limits.Connections},
		{"telemetry", q.Telemetry, &limits.Telemetry}, {"commandSends", q.CommandSends, &limits.CommandSends},
		{"commandFetches", q.CommandFetches, &limits.CommandFetches}, {"uploads", q.Uploads, &limits.Uploads},
		{"methodBytes", q.MethodBytes, &limits.MethodBytes}, {"queries", q.Queries, &limits.Queries},
		{"twinReads", q.TwinReads, &limits.TwinReads}, {"twinUpdates", q.TwinUpdates, &limits.TwinUpdates},
	} {
		if rate.from == nil {
			continue
		}
		if !(*rate.from >= 0) { // NaN too
			return f.wrong("quotas."+rate.name, "a rate per second, or 0 for none, is wanted")
		}
		*rate.to = *rate.from
	}
	for _, count := range []struct {
		name string
		from *int
		to   *int
	}{{"dailyMessages", q.DailyMessages, &limits.DailyMessages}, {"messageUnit", q.MessageUnit, &limits.MessageUnit}} {
		if count.from == nil {
			continue
		}
		if *count.from < 0 {
			return f.wrong("quotas."+count.name, "is negative; 0 is no quota")
		}
		*count.to = *count.from
	}
	if *limits != (hub.Limits{}) {
		f.out.Config.Quotas = limits
	}
	return nil
}

func (f *configFile) admin() (err error) {
	if f.in.Admin.Port == nil {
		if f.in.Admin.Address != "" {
			return f.wrong("admin.address", "has no effect without admin.port")
		}
		return nil
	}
	f.out.Config.Admin.Address, err = f.address("admin", "admin.port", f.in.Admin.Address, f.in.Admin.Port, "")
	return err
}

func (f *configFile) log() error {
	f.out.LogLevel = slog.LevelWarn
	if text := f.in.Log.Level; text != "" {
		if err := f.out.LogLevel.UnmarshalText([]byte(text)); err != nil {
			return f.wrong("log.level", "%q is unknown; there are debug, info, warn and error", text)
		}
	}
	switch f.in.Log.Format {
	case "", "text":
	case "json":
		f.out.LogJSON = true
	default:
		return f.wrong("log.format", "%q is unknown; there are text and json", f.in.Log.Format)
	}
	return nil
}
