package dps

import (
	"net/http"
	"strconv"
	"strings"

	"twinrig/hub"
)

// ours begins the paths of calls that are not Azure's.
const ours = "$twinrig/provisioning/"

var routes = []route{
	{http.MethodPost, "enrollments", EnrollmentWrite, individuals((*exchange).bulk)},
	{http.MethodPost, "enrollments/query", EnrollmentRead, individuals((*exchange).query)},
	{http.MethodPut, "enrollments/{}", EnrollmentWrite, individuals((*exchange).put)},
	{http.MethodGet, "enrollments/{}", EnrollmentRead, individuals((*exchange).get)},
	{http.MethodDelete, "enrollments/{}", EnrollmentWrite, individuals((*exchange).remove)},
	{http.MethodPost, "enrollments/{}/attestationmechanism", EnrollmentWrite, individuals((*exchange).mechanism)},
	{http.MethodPost, "enrollmentGroups", EnrollmentWrite, groups((*exchange).bulk)},
	{http.MethodPost, "enrollmentGroups/query", EnrollmentRead, groups((*exchange).query)},
	{http.MethodPut, "enrollmentGroups/{}", EnrollmentWrite, groups((*exchange).put)},
	{http.MethodGet, "enrollmentGroups/{}", EnrollmentRead, groups((*exchange).get)},
	{http.MethodDelete, "enrollmentGroups/{}", EnrollmentWrite, groups((*exchange).remove)},
	{http.MethodPost, "enrollmentGroups/{}/attestationmechanism", EnrollmentWrite, groups((*exchange).mechanism)},
	{http.MethodGet, "registrations/{}", RegistrationStatusRead, (*exchange).getRegistration},
	{http.MethodDelete, "registrations/{}", RegistrationStatusWrite, (*exchange).deleteRegistration},
	{http.MethodPost, "registrations/{}/query", RegistrationStatusRead, (*exchange).queryRegistrations},

	{http.MethodGet, ours + "certificates", ServiceConfig, (*exchange).listAuthorities},
	{http.MethodGet, ours + "certificates/{}", ServiceConfig, (*exchange).getAuthority},
	{http.MethodPut, ours + "certificates/{}", ServiceConfig, (*exchange).putAuthority},
	{http.MethodDelete, ours + "certificates/{}", ServiceConfig, (*exchange).deleteAuthority},
	{http.MethodPost, ours + "certificates/{}/generateVerificationCode", ServiceConfig, (*exchange).issueCode},
	{http.MethodPost, ours + "certificates/{}/verify", ServiceConfig, (*exchange).verifyAuthority},

	{http.MethodPut, "{}/registrations/{}/register", 0, (*exchange).register},
	{http.MethodGet, "{}/registrations/{}/operations/{}", 0, (*exchange).operation},
	{http.MethodPost, "{}/registrations/{}", 0, (*exchange).lookup},
}

// collectionCall is a call that individual enrollments and groups both have.
type collectionCall func(*exchange, *collection) error

func individuals(call collectionCall) func(*exchange) error {
	return func(x *exchange) error { return call(x, x.service.individuals) }
}

func groups(call collectionCall) func(*exchange) error {
	return func(x *exchange) error { return call(x, x.service.groups) }
}

func (x *exchange) put(c *collection) error {
	var e Enrollment
	if err := x.decode(&e); err != nil {
		return err
	}
	written, err := c.put(x.r.Context(), x.params[0], e, createOrUpdate, x.r.Header.Get("If-Match"))
	if err != nil {
		return err
	}
	return x.show(c, written)
}

func (x *exchange) get(c *collection) error {
	e, _, err := c.get(x.r.Context(), x.params[0])
	if err != nil {
		return err
	}
	return x.show(c, e)
}

func (x *exchange) show(c *collection, e Enrollment) error {
	shown, err := c.show(x.r.Context(), e)
	if err != nil {
		return err
	}
	return x.reply(shown.ETag, shown)
}

func (x *exchange) remove(c *collection) error {
	if err := c.remove(x.r.Context(), x.params[0], x.r.Header.Get("If-Match")); err != nil {
		return err
	}
	return x.replyEmpty()
}

// mechanism is the one call that returns keys.
func (x *exchange) mechanism(c *collection) error {
	e, _, err := c.get(x.r.Context(), x.params[0])
	if err != nil {
		return err
	}
	return x.reply(e.ETag, e.Attestation)
}

func (x *exchange) bulk(c *collection) error {
	var b bulk
	if err := x.decode(&b); err != nil {
		return err
	}
	result, err := c.bulk(x.r.Context(), b)
	if err != nil {
		return err
	}
	return x.reply("", result)
}

// pageRequest reads query and paging of a query call.
func (x *exchange) pageRequest(table string) (pageRequest, error) {
	var q struct {
		Query string `json:"query"`
	}
	if err := x.decode(&q); err != nil {
		return pageRequest{}, err
	}
	if err := checkQuery(q.Query, table); err != nil {
		return pageRequest{}, err
	}
	size := 0
	if text := x.r.Header.Get("x-ms-max-item-count"); text != "" {
		var err error
		if size, err = strconv.Atoi(strings.TrimSpace(text)); err != nil || size < 0 {
			return pageRequest{}, argumentInvalid.errorf("x-ms-max-item-count %q is not a number of items.", text)
		}
	}
	return newPageRequest(size, x.r.Header.Get("x-ms-continuation"))
}

func (x *exchange) replyPage(p page) error {
	x.w.Header().Set("x-ms-item-type", p.itemType)
	if p.continuation != "" {
		x.w.Header().Set("x-ms-continuation", p.continuation)
	}
	return x.reply("", p.items)
}

func (x *exchange) query(c *collection) error {
	r, err := x.pageRequest(c.table)
	if err != nil {
		return err
	}
	p, err := c.query(x.r.Context(), r)
	if err != nil {
		return err
	}
	return x.replyPage(p)
}

func (x *exchange) queryRegistrations() error {
	r, err := x.pageRequest("registrations")
	if err != nil {
		return err
	}
	p, err := x.service.queryRegistrations(x.r.Context(), x.params[0], r)
	if err != nil {
		return err
	}
	return x.replyPage(p)
}

func (x *exchange) getRegistration() error {
	r, err := x.service.registered(x.r.Context(), x.params[0])
	if err != nil {
		return err
	}
	state := r.state()
	return x.reply(state.ETag, state)
}

func (x *exchange) deleteRegistration() error {
	if err := x.service.unregister(x.r.Context(), x.params[0], x.r.Header.Get("If-Match")); err != nil {
		return err
	}
	return x.replyEmpty()
}

// registrant is the device that calls.
func (x *exchange) registrant() hub.Registrant {
	query := x.r.URL.Query()
	r := hub.Registrant{
		Scope: x.params[0], ID: x.params[1], APIVersion: query.Get("api-version"),
		Force:      strings.EqualFold(query.Get("forceRegistration"), "true"),
		Credential: hub.Credential{Token: x.r.Header.Get("Authorization")},
	}
	if x.r.TLS != nil {
		r.Credential.Certificates = x.r.TLS.PeerCertificates
	}
	return r
}

func (x *exchange) register() error {
	body, err := x.body(maxDeviceBody)
	if err != nil {
		return err
	}
	return x.replyDevice(x.service.Register(x.r.Context(), x.registrant(), body))
}

func (x *exchange) operation() error {
	return x.replyDevice(x.service.Operation(x.r.Context(), x.registrant(), x.params[2]))
}

func (x *exchange) lookup() error {
	return x.replyDevice(x.service.lookup(x.r.Context(), x.registrant()))
}
