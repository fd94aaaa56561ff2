package client

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"net/http"
	"strconv"
)

// pageSize is how many results are asked for at a time.
const pageSize = 100

// Query runs a query such as
//
//	SELECT deviceId FROM devices WHERE tags.site = 'depot'
//
// and yields its results, page after page: twins, or objects of the columns asked for. An
// error is the last thing it yields.
func (c *Client) Query(ctx context.Context, text string) iter.Seq2[json.RawMessage, error] {
	return func(yield func(json.RawMessage, error) bool) {
		for next, more := "", true; more; more = next != "" {
			page, continuation, err := c.queryPage(ctx, text, next)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, item := range page {
				if !yield(item, nil) {
					return
				}
			}
			next = continuation
		}
	}
}

func (c *Client) queryPage(ctx context.Context, text, from string) (page []json.RawMessage, next string, err error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	body, err := jsonBody(map[string]string{"query": text})
	if err != nil {
		return nil, "", err
	}
	k := call{method: http.MethodPost, path: []string{"devices", "query"}, header: jsonHeader(""), body: body}
	k.header.Set("x-ms-max-item-count", strconv.Itoa(pageSize))
	if from != "" {
		k.header.Set("x-ms-continuation", from)
	}
	resp, err := c.send(ctx, k)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(io.LimitReader(resp.Body, maxAnswer)).Decode(&page); err != nil {
		return nil, "", fmt.Errorf("%v: decode answer: %w", k, err)
	}
	return page, resp.Header.Get("x-ms-continuation"), nil
}
