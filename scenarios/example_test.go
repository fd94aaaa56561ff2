package scenarios_test

import (
	"fmt"

	"twinrig/scenarios"
)

func ExampleCheckSteps() {
	pickles, err := scenarios.ParseFeature("demo.feature", []byte(`Feature: Demo
  Scenario: A truck goes quiet
    Given a refrigeration truck "truck-7"
    When "truck-7" is turned off
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(scenarios.CheckSteps(pickles))
	// Output: demo.feature:4: unknown step "\"truck-7\" is turned off"
}
