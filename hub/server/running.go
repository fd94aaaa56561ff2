package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
)

// runningFile says in the data directory how the hub that runs on it is reached. It holds
// a key, as its neighbours do.
const runningFile = "running.json"

// Running is how programs on the same machine reach a running hub as a service.
type Running struct {
	Address          string `json:"address"` // host:port of HTTPS
	ConnectionString string `json:"serviceConnectionString"`
	DeviceHost       string `json:"deviceHost"` // as in connection strings of devices
	CAFile           string `json:"caFile"`
}

// FindRunning tells how to reach the hub that runs on a data directory. After a crash it may
// tell of one that runs no more.
func FindRunning(directory string) (r Running, err error) {
	text, err := os.ReadFile(dataDir(directory).path(runningFile))
	if errors.Is(err, fs.ErrNotExist) {
		return r, fmt.Errorf("no hub runs on data directory %s", directory)
	}
	if err == nil {
		err = json.Unmarshal(text, &r)
	}
	if err != nil {
		return r, fmt.Errorf("find the hub of data directory %s: %w", directory, err)
	}
	return r, nil
}

// publish writes the running file.
func (s *Server) publish() error {
	if _, tcp := s.httpListener.Addr().(*net.TCPAddr); !tcp || s.dir == "" || s.cfg.Plaintext {
		return nil
	}
	text, err := json.Marshal(Running{s.reach(s.httpListener), s.ServiceConnectionString(), s.hostWithPort(s.mqttListener, standardMQTT), s.CAFile()})
	if err != nil {
		return fmt.Errorf("encode %s: %w", runningFile, err)
	}
	s.published = true
	return s.dir.write(runningFile, text, secretMode)
}

// withdraw removes the running file, if it is this server's.
func (s *Server) withdraw() error {
	if !s.published {
		return nil
	}
	if err := os.Remove(s.dir.path(runningFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove %s: %w", runningFile, err)
	}
	return nil
}
