package main

import (
	"fmt"
	"io"

	"twinrig/hub/server"
)

// announceQuietly tells where the hub is, and nothing that anybody who reads the output
// later could get in with.
func announceQuietly(w io.Writer, srv *server.Server) error {
	e := srv.Endpoints()
	rows := [][2]string{{"MQTT", e.MQTT}, {"HTTPS", e.HTTP}, {"CA certificate", srv.CAFile()}}
	if !srv.IsBroker() {
		rows = append(rows, [2]string{"Provisioning id scope", srv.IDScope()})
	}
	if admin := srv.AdminEndpoint(); admin != "" {
		rows = append(rows, [2]string{"Metrics", admin + "/metrics"})
	}
	fmt.Fprintln(w, "The hub is ready.")
	for _, row := range rows {
		if row[1] != "" {
			fmt.Fprintf(w, "  %-22s %s\n", row[0], row[1])
		}
	}
	_, err := fmt.Fprintln(w, "Keys are in the data directory; `twinrig hub device show ID --keys` prints those of a device.")
	return err
}
