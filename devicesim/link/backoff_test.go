package link

import (
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Law: the n-th wait lies between half of Min·2ⁿ⁻¹ and all of it, capped at Max.
func TestBackoff(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		low := time.Duration(rapid.Int64Range(1, 1e10).Draw(r, "min"))
		high := low * time.Duration(rapid.Int64Range(1, 1e8).Draw(r, "factor"))
		seed := rapid.Uint64().Draw(r, "seed")
		b := Backoff{Min: low, Max: high, Rand: rand.New(rand.NewPCG(seed, 1))}
		for round := range 2 {
			full := low
			for range rapid.IntRange(1, 50).Draw(r, "attempts") {
				if d := b.Next(); d > full || d < full/2 {
					r.Fatalf("round %d: waits %v, want %v to %v", round, d, full/2, full)
				}
				if full > high/2 {
					full = high
				} else {
					full *= 2
				}
			}
			b.Reset()
		}
	})
}

func TestBackoffExact(t *testing.T) {
	b := Backoff{Min: time.Second, Max: 10 * time.Second}
	for _, want := range []time.Duration{1, 2, 4, 8, 10, 10} {
		if d := b.Next(); d != want*time.Second {
			t.Errorf("waits %v, want %v", d, want*time.Second)
		}
	}
	zero := Backoff{}
	if d := zero.Next(); d != 0 {
		t.Errorf("the zero Backoff waits %v", d)
	}
}

func TestStatusErrorTemporary(t *testing.T) {
	for status, want := range map[string]bool{
		"400": false, "412": false, "429": true, "500": true, "503": true, // MQTT 3.1.1
		"0100": false, "0101": false, "0104": false, "0501": true, "0602": true, "06A0": true, // MQTT 5
		"": false, "x": false,
	} {
		if got := (&StatusError{Status: status}).Temporary(); got != want {
			t.Errorf("status %q is temporary: %v, want %v", status, got, want)
		}
	}
}
