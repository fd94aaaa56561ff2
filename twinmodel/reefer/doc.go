// Package reefer is a refrigeration truck: an insulated body, its cargo, a door,
// and the refrigeration unit with the thermostat, minimum running and resting
// times and defrost that its own controls have.
//
// The heat balance has box air, both faces of the walls, surface and core of
// the cargo and the evaporator coil; water is in the air, as frost on the coil
// and as rime on the cargo. Air exchange through the open door follows Gosney
// and Olama. Ambient temperature and sun are a synthetic clear day, with solar
// time taken as UTC.
//
// Not modelled: thawing (the cargo has one specific heat), heating by the unit,
// the engine and its fuel, and the route. Rime counts as ice at any temperature.
package reefer
