package fmi_test

import (
	"fmt"
	"os/exec"
	"time"

	"twinrig/twinmodel/fmi"
)

func ExampleOpen() {
	tank, err := fmi.Open("tank.fmu", fmi.Options{
		Start:  time.Date(2026, 6, 1, 6, 0, 0, 0, time.UTC),
		Values: map[string]float64{"area": 2.5},
		Host:   func() *exec.Cmd { return exec.Command("twinrig", "fmu-host") },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer tank.Close()
	if err := tank.Advance(tank.Time().Add(time.Hour)); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(tank.Value("level"))
}
