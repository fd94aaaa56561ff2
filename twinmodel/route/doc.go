// Package route is a journey on the globe: a polyline of WGS-84 points and the
// speeds it is driven at.
//
// Positions between two points lie on the great circle through them, on a sphere
// of the earth's mean radius, which is within 0.6 % of the ellipsoid. A journey
// knows where the vehicle is after any time; there is no traffic and no height.
package route
