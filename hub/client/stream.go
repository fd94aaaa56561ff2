package client

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"strconv"
)

// maxLine bounds one line of the event stream: a body of 256 KiB, all of it
// escaped, with its properties.
const maxLine = 4 << 20

// Position is a place in a partition.
type Position string

// The ends of a partition. Latest is behind the newest event at the time the
// hub gets the call; At with Partition.Next leaves no gap.
const (
	Earliest Position = "earliest"
	Latest   Position = "latest"
)

// At is the place of the event with that number.
func At(number uint64) Position { return Position(strconv.FormatUint(number, 10)) }

// Partition is one part of the event stream.
type Partition struct {
	ID    int    `json:"partition"`
	First uint64 `json:"first"` // number of the oldest event kept
	Next  uint64 `json:"next"`  // number the next event will get
}

// Partitions reads the bounds of all partitions.
func (c *Client) Partitions(ctx context.Context) (out []Partition, err error) {
	err = c.do(ctx, call{method: http.MethodGet, path: []string{"$twinrig", "partitions"}}, &out)
	return out, err
}

// Events reads a partition from a position on: up to its present end, or until
// ctx ends if follow is set. An error, that of ctx included, is the last thing
// it yields.
func (c *Client) Events(ctx context.Context, partition int, from Position, follow bool) iter.Seq2[Event, error] {
	k := call{method: http.MethodGet, path: []string{"$twinrig", "events"}, query: url.Values{
		"partition": {strconv.Itoa(partition)}, "from": {string(from)}, "follow": {strconv.FormatBool(follow)},
	}}
	return func(yield func(Event, error) bool) {
		k := k
		k.query = maps.Clone(k.query)
		for {
			err := c.stream(ctx, k, yield)
			var next expired
			if !errors.As(err, &next) {
				if err != nil {
					yield(Event{}, err)
				}
				return
			}
			k.query.Set("from", string(At(uint64(next))))
		}
	}
}

// expired ends a stream whose token has; a new one goes on at this number.
type expired uint64

func (e expired) Error() string { return fmt.Sprintf("the token expired before event %d", uint64(e)) }

// stream yields events for as long as a token lasts.
func (c *Client) stream(ctx context.Context, k call, yield func(Event, error) bool) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	resp, err := c.send(ctx, k)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if err := eachEvent(resp.Body, yield); err != nil {
		return fmt.Errorf("%v: %w", k, err)
	}
	return nil
}

// eachEvent yields the events of a stream until yield wants no more.
func eachEvent(r io.Reader, yield func(Event, error) bool) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	for lines.Scan() {
		e, err := decodeEvent(lines.Bytes())
		if err != nil {
			return err
		}
		if !yield(e, nil) {
			return nil
		}
	}
	return lines.Err()
}
