package query_test

import (
	"context"
	"fmt"

	"twinrig/hub/query"
)

func Example() {
	q, err := query.Parse("SELECT deviceId FROM devices WHERE tags.site = 'north' AND properties.reported.battery > 50")
	if err != nil {
		fmt.Println(err)
		return
	}
	page, err := q.Run(context.Background(), source(), 10, "")
	fmt.Printf("%s %v\n", page.Items, err)
	_, err = query.Parse("SELECT deviceId FROM devices WHERE tags.site LIKE 'n%'")
	fmt.Println(err)
	// Output:
	// [{"deviceId":"a"}] <nil>
	// query, column 46: LIKE stands where the query should end
}
