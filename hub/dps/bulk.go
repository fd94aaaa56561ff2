package dps

import (
	"context"
	"strings"
)

// bulk is a bulk operation. Its enrollments stand alone: one that fails does not keep the
// others from being done.
type bulk struct {
	Mode        string       `json:"mode"`
	Enrollments []Enrollment `json:"enrollments"`
	Groups      []Enrollment `json:"enrollmentGroups"`
}

// bulkResult is the answer.
type bulkResult struct {
	Successful bool        `json:"isSuccessful"`
	Errors     []bulkError `json:"errors"`
}

type bulkError struct {
	RegistrationID string `json:"registrationId,omitempty"`
	GroupID        string `json:"enrollmentGroupId,omitempty"`
	Code           int    `json:"errorCode"`
	Status         string `json:"errorStatus"`
}

// bulkWrites are the modes; clients differ in the capitals.
var bulkWrites = map[string]func(c *collection, ctx context.Context, e Enrollment) error{
	"create": func(c *collection, ctx context.Context, e Enrollment) error {
		_, err := c.put(ctx, e.id(), e, create, "")
		return err
	},
	"update": func(c *collection, ctx context.Context, e Enrollment) error {
		_, err := c.put(ctx, e.id(), e, update, "")
		return err
	},
	"updateifmatchetag": func(c *collection, ctx context.Context, e Enrollment) error {
		if e.ETag == "" {
			return etagMismatch.errorf("The %s %s has no etag to match.", c.word, e.id())
		}
		_, err := c.put(ctx, e.id(), e, update, string(e.ETag))
		return err
	},
	"delete": func(c *collection, ctx context.Context, e Enrollment) error {
		return c.remove(ctx, e.id(), string(e.ETag))
	},
}

func (c *collection) bulk(ctx context.Context, b bulk) (bulkResult, error) {
	write, ok := bulkWrites[strings.ToLower(b.Mode)]
	if !ok {
		return bulkResult{}, argumentInvalid.errorf("Bulk mode %q is unknown; create, update, updateIfMatchETag and delete are known.", b.Mode)
	}
	all := b.Enrollments
	if c.group {
		all = b.Groups
	}
	if len(all) == 0 || len(all) > maxBulk {
		return bulkResult{}, argumentInvalid.errorf("A bulk operation takes 1 to %d %ss, not %d.", maxBulk, c.word, len(all))
	}
	result := bulkResult{Successful: true, Errors: []bulkError{}}
	for _, e := range all {
		if err := write(c, ctx, e); err != nil {
			r := refusal(err)
			result.Successful = false
			result.Errors = append(result.Errors, bulkError{e.RegistrationID, e.GroupID, r.Code, r.Message})
		}
	}
	return result, nil
}
