package blob

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"twinrig/hub"
)

// Limits of blobs.
const (
	maxBlob   = 1 << 30
	maxBlock  = 100 << 20
	maxBlocks = 50_000
)

// staging is the directory of blocks that are not part of a blob yet. No blob's name
// begins like it, as a device's id comes first.
const staging = "~blocks"

// Store keeps blobs in a directory.
type Store struct {
	dir       string
	container string
	key       []byte
	temporary func() (string, error) // makes the directory when it is first needed; nil = there is one
	used      atomic.Bool
}

var _ hub.Blobs = (*Store)(nil)

// Open returns the blobs in dir, or in a temporary directory when dir is empty. Grants
// are signed with key.
func Open(dir, container string, key []byte) (*Store, error) {
	s := &Store{dir: dir, container: container, key: key}
	if dir == "" {
		s.temporary = sync.OnceValues(func() (string, error) { return os.MkdirTemp("", "twinrig-blobs-") })
		return s, nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open blobs: %w", err)
	}
	// Whoever was uploading when the hub ended begins anew.
	if err := os.RemoveAll(filepath.Join(s.dir, staging)); err != nil {
		return nil, fmt.Errorf("open blobs: %w", err)
	}
	return s, nil
}

// Close removes a temporary directory.
func (s *Store) Close() error {
	if s.temporary == nil || !s.used.Load() {
		return nil
	}
	dir, err := s.temporary()
	return errors.Join(err, os.RemoveAll(dir))
}

func (s *Store) root() (string, error) {
	if s.temporary == nil {
		return s.dir, nil
	}
	s.used.Store(true)
	return s.temporary()
}

// Container returns the name of the only container.
func (s *Store) Container() string { return s.container }

// path returns the file of a blob. What a file system might take for something else is
// percent-encoded.
func (s *Store) path(name string) (string, error) {
	root, err := s.root()
	if err != nil {
		return "", err
	}
	parts := []string{root}
	for segment := range strings.SplitSeq(name, "/") {
		escaped := url.PathEscape(segment)
		if segment == "." || segment == ".." {
			escaped = strings.ReplaceAll(segment, ".", "%2E")
		}
		if escaped == "" || len(escaped) > 250 {
			return "", fmt.Errorf("blob name %q has a segment that is empty or longer than 250 bytes", name)
		}
		parts = append(parts, escaped)
	}
	return filepath.Join(parts...), nil
}

// Stat implements hub.Blobs.
func (s *Store) Stat(_ context.Context, name string) (size int64, modified time.Time, err error) {
	path, err := s.path(name)
	if err != nil {
		return 0, time.Time{}, err
	}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.IsDir() {
		return 0, time.Time{}, hub.ErrNoBlob
	}
	if err != nil {
		return 0, time.Time{}, err
	}
	return info.Size(), info.ModTime(), nil
}

// put makes body the content of a blob; it is there whole or not at all.
func (s *Store) put(name string, body io.Reader) error {
	path, err := s.path(name)
	if err != nil {
		return err
	}
	return write(path, body, maxBlob)
}

// stage keeps a block until it is committed.
func (s *Store) stage(name, block string, body io.Reader) error {
	dir, err := s.stageDir(name)
	if err != nil {
		return err
	}
	return write(blockPath(dir, block), body, maxBlock)
}

func blockPath(dir, block string) string {
	return filepath.Join(dir, hex.EncodeToString([]byte(block)))
}

// stageDir is where the blocks of a blob wait.
func (s *Store) stageDir(name string) (string, error) {
	root, err := s.root()
	return filepath.Join(root, staging, hex.EncodeToString(digest(name))), err
}

// commit makes a blob of staged blocks.
func (s *Store) commit(name string, blocks []string) error {
	path, err := s.path(name)
	if err != nil {
		return err
	}
	dir, err := s.stageDir(name)
	if err != nil {
		return err
	}
	files := &chain{}
	defer files.close()
	for _, b := range blocks {
		files.paths = append(files.paths, blockPath(dir, b))
	}
	if err := write(path, files, maxBlob); err != nil {
		return err
	}
	return os.RemoveAll(dir)
}

var errTooLarge = errors.New("too large")

// write writes a file beside path and puts it there when it is complete and durable.
func write(path string, body io.Reader, limit int64) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".part-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = os.Remove(f.Name())
		}
	}()
	n, err := io.Copy(f, io.LimitReader(body, limit+1))
	if err == nil && n > limit {
		err = errTooLarge
	}
	if err == nil {
		err = f.Sync()
	}
	if err == nil {
		err = f.Close()
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	return err
}

// chain reads files one after another, with one open at a time.
type chain struct {
	paths []string
	open  *os.File
}

func (c *chain) Read(p []byte) (int, error) {
	for {
		if c.open == nil {
			if len(c.paths) == 0 {
				return 0, io.EOF
			}
			f, err := os.Open(c.paths[0])
			if err != nil {
				return 0, err
			}
			c.open, c.paths = f, c.paths[1:]
		}
		n, err := c.open.Read(p)
		if n > 0 || err != io.EOF {
			return n, err
		}
		c.close()
	}
}

func (c *chain) close() {
	if c.open != nil {
		_ = c.open.Close()
		c.open = nil
	}
}
