package query

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"hash/fnv"
	"iter"
	"strings"

	"twinrig/hub"
)

// MaxPage is the largest number of results that come at once.
const MaxPage = 100

// Source yields twins in the order of their identities, those of a selection and maybe
// others; *hub.Hub is one.
type Source interface {
	Select(ctx context.Context, s hub.Selection) iter.Seq2[hub.Twin, error]
	Count(ctx context.Context, t *hub.Twin) error
}

// Page is a part of what a query finds.
type Page struct {
	Items        []json.RawMessage
	Whole        bool   // items are whole twins, not columns of some
	Continuation string // to be given for the next page; empty when there is none
}

// Run returns a page of at most size results, behind what continuation says. What is
// wrong with the continuation is an *Error too.
func (q *Query) Run(ctx context.Context, source Source, size int, continuation string) (Page, error) {
	if q.from == jobs {
		return Page{}, errorAt(0, "this hub has no jobs")
	}
	if size <= 0 || size > MaxPage {
		size = MaxPage
	}
	c, err := q.resume(continuation)
	if err != nil {
		return Page{}, err
	}
	if q.aggregates() {
		return q.aggregate(ctx, source, size, c)
	}
	page := Page{Whole: q.columns == nil}
	for t, err := range q.find(ctx, source, c.After) {
		if err != nil {
			return Page{}, err
		}
		if q.top > 0 && c.Given >= q.top {
			break
		}
		if len(page.Items) == size {
			page.Continuation = c.text(q)
			break
		}
		item, err := q.item(ctx, source, t)
		if err != nil {
			return Page{}, err
		}
		page.Items = append(page.Items, item)
		c.After, c.Given = hub.Identity(t.twin.DeviceID, t.twin.ModuleID), c.Given+1
	}
	return page, nil
}

// find yields the twins for which the condition is true.
func (q *Query) find(ctx context.Context, source Source, after string) iter.Seq2[*row, error] {
	s := hub.Selection{Modules: q.from == modules, After: after}
	hints(q.where, &s)
	return func(yield func(*row, error) bool) {
		for t, err := range source.Select(ctx, s) {
			if err != nil {
				yield(nil, err)
				return
			}
			r := &row{twin: &t}
			if q.counts() {
				if err := source.Count(ctx, &t); err != nil {
					yield(nil, err)
					return
				}
			}
			if r.matches(q.where) && !yield(r, nil) {
				return
			}
		}
	}
}

// counts says whether the query looks at the number of waiting commands, which the
// source does not yield by itself.
func (q *Query) counts() bool { return strings.Contains(q.text, "cloudToDeviceMessageCount") }

// item writes one result.
func (q *Query) item(ctx context.Context, source Source, r *row) (json.RawMessage, error) {
	if q.columns == nil {
		if err := source.Count(ctx, r.twin); err != nil {
			return nil, err
		}
		return json.Marshal(r.twin)
	}
	object := make([]field, 0, len(q.columns))
	for _, c := range q.columns {
		object = append(object, field{c.name, c.of.eval(r)})
	}
	return writeObject(object)
}

type field struct {
	name string
	v    value
}

// writeObject keeps the order of the columns, and leaves out what is undefined.
func writeObject(fields []field) (json.RawMessage, error) {
	out := []byte("{")
	for _, f := range fields {
		if f.v == undefined {
			continue
		}
		name, err := json.Marshal(f.name)
		if err != nil {
			return nil, err
		}
		v, err := json.Marshal(defined(f.v))
		if err != nil {
			return nil, err
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(append(append(out, name...), ':'), v...)
	}
	return append(out, '}'), nil
}

// defined replaces what is undefined within a list, as JSON has no word for it.
func defined(v value) value {
	items, ok := v.([]any)
	if !ok {
		return v
	}
	clean := make([]any, len(items))
	for i, item := range items {
		if item != undefined {
			clean[i] = defined(item)
		}
	}
	return clean
}

// continuation is where a page ended. It goes with one query.
type continuation struct {
	Query uint64 `json:"q"`
	After string `json:"a"`
	Given int    `json:"g"`
}

func (q *Query) resume(text string) (c continuation, err error) {
	if text == "" {
		return c, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		err = json.Unmarshal(raw, &c)
	}
	if err != nil || c.Query != q.hash() || c.Given < 0 {
		return c, errorAt(0, "the continuation token does not belong to this query")
	}
	return c, nil
}

func (c continuation) text(q *Query) string {
	c.Query = q.hash()
	raw, _ := json.Marshal(c) // numbers and a string cannot fail
	return base64.RawURLEncoding.EncodeToString(raw)
}

func (q *Query) hash() uint64 {
	f := fnv.New64a()
	f.Write([]byte(q.text))
	return f.Sum64()
}
