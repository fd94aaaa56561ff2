// Package query is the query language of IoT Hub over devices and modules:
//
//	SELECT * FROM devices WHERE tags.site = 'depot' AND properties.reported.battery < 20
//	SELECT tags.site AS site, COUNT() AS n FROM devices GROUP BY tags.site
//
// It has what the service has and no more, so that a query that works here works there:
// there is no ORDER BY and no JOIN. Errors say where in the query they are. Results come
// in pages, ordered by identity.
//
// It is not an index. Which devices have a tag is known by the hub; everything else is
// found by reading twins.
package query
