package blob

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"twinrig/hub"
)

const (
	apiVersion   = "2021-08-06"
	maxBlockList = 8 << 20
	ioTimeout    = 5 * time.Minute // for one request
)

// Handler serves the blobs at /{container}/{name}.
func (s *Store) Handler() http.Handler { return http.HandlerFunc(s.serve) }

// failure is an error of the storage API.
type failure struct {
	status int
	code   string
	text   string
}

func (f *failure) Error() string { return f.code + ": " + f.text }

func (s *Store) serve(w http.ResponseWriter, r *http.Request) {
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Now().Add(ioTimeout))
	_ = control.SetWriteDeadline(time.Now().Add(ioTimeout))
	h := w.Header()
	h.Set("x-ms-version", apiVersion)
	if id := r.Header.Get("x-ms-client-request-id"); id != "" {
		h.Set("x-ms-client-request-id", id)
	}
	h.Set("x-ms-request-id", strconv.FormatInt(time.Now().UnixNano(), 16))
	if err := s.answer(w, r); err != nil {
		fail(w, err)
	}
}

func (s *Store) answer(w http.ResponseWriter, r *http.Request) error {
	name, ok := strings.CutPrefix(r.URL.Path, "/"+s.container+"/")
	query := r.URL.Query()
	if !ok || !s.granted(name, query) {
		return &failure{http.StatusForbidden, "AuthenticationFailed", "The signature of the request does not fit, or it has expired."}
	}
	switch {
	case r.Method == http.MethodPut && query.Get("comp") == "":
		return s.putBlob(w, r, name)
	case r.Method == http.MethodPut && query.Get("comp") == "block":
		return s.putBlock(w, r, name, query.Get("blockid"))
	case r.Method == http.MethodPut && query.Get("comp") == "blocklist":
		return s.putBlockList(w, r, name)
	case (r.Method == http.MethodGet || r.Method == http.MethodHead) && query.Get("comp") == "":
		return s.getBlob(w, r, name)
	}
	return &failure{http.StatusBadRequest, "UnsupportedQueryParameter", "Put Blob, Put Block, Put Block List and Get Blob are known."}
}

func (s *Store) putBlob(w http.ResponseWriter, r *http.Request, name string) error {
	if kind := r.Header.Get("x-ms-blob-type"); kind != "" && kind != "BlockBlob" {
		return &failure{http.StatusBadRequest, "InvalidHeaderValue", "x-ms-blob-type is " + kind + "; BlockBlob is known."}
	}
	if err := s.put(name, r.Body); err != nil {
		return err
	}
	return s.created(w, r, name)
}

func (s *Store) putBlock(w http.ResponseWriter, r *http.Request, name, block string) error {
	if block == "" || len(block) > 100 {
		return &failure{http.StatusBadRequest, "InvalidQueryParameterValue", "blockid has 1 to 100 characters."}
	}
	if err := s.stage(name, block, r.Body); err != nil {
		return err
	}
	w.WriteHeader(http.StatusCreated)
	return nil
}

func (s *Store) putBlockList(w http.ResponseWriter, r *http.Request, name string) error {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBlockList))
	if err != nil {
		return &failure{http.StatusRequestEntityTooLarge, "RequestBodyTooLarge", "The block list is too long."}
	}
	var list struct {
		Blocks []struct {
			ID string `xml:",chardata"`
		} `xml:",any"`
	}
	if err := xml.Unmarshal(body, &list); err != nil {
		return &failure{http.StatusBadRequest, "InvalidXmlDocument", "The block list is not XML: " + err.Error()}
	}
	if len(list.Blocks) > maxBlocks {
		return &failure{http.StatusBadRequest, "BlockCountExceedsLimit", fmt.Sprintf("At most %d blocks make a blob.", maxBlocks)}
	}
	var blocks []string
	for _, b := range list.Blocks {
		blocks = append(blocks, strings.TrimSpace(b.ID))
	}
	if err := s.commit(name, blocks); errors.Is(err, fs.ErrNotExist) {
		return &failure{http.StatusBadRequest, "InvalidBlockList", "The list has a block that was not uploaded."}
	} else if err != nil {
		return err
	}
	return s.created(w, r, name)
}

func (s *Store) created(w http.ResponseWriter, r *http.Request, name string) error {
	size, modified, err := s.Stat(r.Context(), name)
	if err != nil {
		return err
	}
	describe(w.Header(), size, modified)
	w.WriteHeader(http.StatusCreated)
	return nil
}

func describe(h http.Header, size int64, modified time.Time) {
	h.Set("ETag", fmt.Sprintf(`"0x%X"`, modified.UnixNano()^size))
	h.Set("Last-Modified", modified.UTC().Format(http.TimeFormat))
	h.Set("x-ms-blob-type", "BlockBlob")
}

func (s *Store) getBlob(w http.ResponseWriter, r *http.Request, name string) error {
	size, modified, err := s.Stat(r.Context(), name)
	if err != nil {
		return err
	}
	path, err := s.path(name)
	if err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	describe(w.Header(), size, modified)
	w.Header().Set("Content-Type", "application/octet-stream")
	http.ServeContent(w, r, "", modified, f)
	return nil
}

func fail(w http.ResponseWriter, err error) {
	var f *failure
	switch {
	case errors.As(err, &f):
	case errors.Is(err, errTooLarge):
		f = &failure{http.StatusRequestEntityTooLarge, "RequestBodyTooLarge", "The blob or block is too large."}
	case errors.Is(err, hub.ErrNoBlob):
		f = &failure{http.StatusNotFound, "BlobNotFound", "There is no such blob."}
	default:
		f = &failure{http.StatusInternalServerError, "InternalError", "The blob could not be kept."}
	}
	w.Header().Set("x-ms-error-code", f.code)
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(f.status)
	_, _ = io.WriteString(w, xml.Header+"<Error><Code>"+f.code+"</Code><Message>")
	_ = xml.EscapeText(w, []byte(f.text))
	_, _ = io.WriteString(w, "</Message></Error>")
}
