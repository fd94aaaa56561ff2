// Package presence is an office with people in it and what tells of them: who
// is there, their movements before a passive infrared detector, the carbon
// dioxide, moisture and heat they give off, daylight and lamps.
//
// People come and go by the inhomogeneous Markov chain of Page et al. (2008)
// around a daily profile of presence; visitors come when the caller says so.
// Movements are a Poisson process; the detector sees those that happen in its
// field, as long as people are warmer than the room, and holds its output for a
// while. Air is one well-mixed zone with leaks, a fan with heat recovery and a
// window; the room has a radiator with a thermostatic valve and a heavy
// structure. Weather is a synthetic clear day in UTC.
//
// All chance comes from two streams given to New, which snapshots include.
//
// Not modelled: calendars (attendance says what kind of day it is), exchange of
// air with other rooms, cooling, sorption of moisture, people's faces.
package presence
