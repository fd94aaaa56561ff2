package route_test

import (
	"fmt"

	"twinrig/twinmodel/route"
)

func Example() {
	r, err := route.New([]route.Point{{Latitude: 51.3397, Longitude: 12.3731}, {Latitude: 52.5200, Longitude: 13.4050}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.0f km, half way at %.3f\n", r.Length()/1e3, r.At(r.Length()/2))
	// Output: 149 km, half way at {51.931 12.882}
}
