package dps

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"twinrig/hub"
)

const defaultPerPage = 100

// page is a part of a query's result.
type page struct {
	items        []any
	itemType     string
	continuation string // empty at the end
}

// pageRequest is which part is wanted.
type pageRequest struct {
	size  int
	after string // key of the last document of the page before
}

func newPageRequest(size int, continuation string) (pageRequest, error) {
	r := pageRequest{size: defaultPerPage}
	if size > 0 {
		r.size = min(size, maxPerPage)
	}
	after, err := base64.RawURLEncoding.DecodeString(continuation)
	if err != nil {
		return r, argumentInvalid.errorf("The continuation token is not one of this service.")
	}
	r.after = string(after)
	return r, nil
}

var selectAll = regexp.MustCompile(`(?i)^\s*select\s+\*(?:\s+from\s+([a-z]+))?\s*;?\s*$`)

// checkQuery refuses what this service does not answer: it has SELECT * only, as what can
// be told of enrollments by conditions is not documented.
func checkQuery(text, table string) error {
	m := selectAll.FindStringSubmatch(text)
	switch {
	case strings.TrimSpace(text) == "":
		return argumentInvalid.errorf("The query is empty; SELECT * FROM %s is one.", table)
	case m == nil:
		return argumentInvalid.errorf("Query %q: only SELECT * FROM %s is understood.", text, table)
	case m[1] != "" && !strings.EqualFold(m[1], table):
		return argumentInvalid.errorf("Query %q: there is no %q here, only %s.", text, m[1], table)
	}
	return nil
}

// scan returns the documents of a page, ordered by key, and the continuation. It keeps a
// few pages in memory, however many documents there are.
func (s *Service) scan(ctx context.Context, prefix string, r pageRequest, want func(hub.Document) (bool, error)) (docs []hub.Document, next string, err error) {
	byKey := func(a, b hub.Document) int { return cmp.Compare(a.Key, b.Key) }
	for d, err := range s.documents.Scan(ctx, prefix) {
		if err != nil {
			return nil, "", fmt.Errorf("query %s: %w", prefix, err)
		}
		if d.Key <= r.after {
			continue
		}
		if ok, err := want(d); err != nil || !ok {
			if err != nil {
				return nil, "", err
			}
			continue
		}
		if docs = append(docs, d); len(docs) > 4*maxPerPage {
			slices.SortFunc(docs, byKey)
			docs = docs[:r.size+1]
		}
	}
	slices.SortFunc(docs, byKey)
	if len(docs) > r.size {
		docs = docs[:r.size]
		next = base64.RawURLEncoding.EncodeToString([]byte(docs[r.size-1].Key))
	}
	return docs, next, nil
}

// query returns a page of enrollments.
func (c *collection) query(ctx context.Context, r pageRequest) (page, error) {
	docs, next, err := c.service.scan(ctx, c.prefix, r, func(hub.Document) (bool, error) { return true, nil })
	p := page{itemType: c.item, continuation: next, items: make([]any, 0, len(docs))}
	for _, d := range docs {
		e, err := c.decode(d)
		if err != nil {
			return p, err
		}
		shown, err := c.show(ctx, e)
		if err != nil {
			return p, err
		}
		p.items = append(p.items, shown)
	}
	return p, err
}

// show is an enrollment as the service API gives it out.
func (c *collection) show(ctx context.Context, e Enrollment) (Enrollment, error) {
	e = e.public()
	if c.group {
		return e, nil
	}
	r, err := c.service.load(ctx, e.RegistrationID)
	if err == nil && r.revision != 0 {
		state := r.state()
		e.RegistrationState = &state
	}
	return e, err
}

// queryRegistrations returns a page of the registrations of a group.
func (s *Service) queryRegistrations(ctx context.Context, groupID string, r pageRequest) (page, error) {
	if _, _, err := s.groups.get(ctx, groupID); err != nil {
		return page{}, err
	}
	docs, next, err := s.scan(ctx, registrationPrefix, r, func(d hub.Document) (bool, error) {
		var of struct {
			Group string `json:"enrollmentGroupId"`
		}
		if err := json.Unmarshal(d.Body, &of); err != nil {
			return false, fmt.Errorf("decode document %s: %w", d.Key, err)
		}
		return of.Group != "" && fold(of.Group) == fold(groupID), nil
	})
	p := page{itemType: "DeviceRegistration", continuation: next, items: make([]any, 0, len(docs))}
	for _, d := range docs {
		found, err := decodeRegistration(d)
		if err != nil {
			return p, err
		}
		p.items = append(p.items, found.state())
	}
	return p, err
}
