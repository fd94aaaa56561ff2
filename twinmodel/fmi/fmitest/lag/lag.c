/* A first-order lag as an FMU, of FMI 2.0 with -DFMI=2 and of FMI 3.0 with
   -DFMI=3:  tau dx/dt = u - x, stepped exactly. It counts its steps and aborts
   when told to, so that tests can see a host die. */
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { U = 1, TAU = 2, X = 3, STEPS = 4, HIGH = 5, CRASH = 6, LIMIT = 7 };

typedef struct {
	double u, tau, x, limit;
	int32_t steps;
	bool crash;
} lag;

static const char *token = "{twinrig-lag}";

static lag *make(const char *given) {
	if (strcmp(given, token) != 0)
		return NULL;
	lag *m = calloc(1, sizeof *m);
	m->tau = 10;
	m->limit = 0.5;
	return m;
}

static int advance(lag *m, double h) {
	if (m->crash)
		abort();
	if (!(m->tau > 0))
		return 3; /* error */
	m->x = m->u + (m->x - m->u) * exp(-h / m->tau);
	m->steps++;
	return 0;
}

static double *real(lag *m, unsigned vr) {
	switch (vr) {
	case U: return &m->u;
	case TAU: return &m->tau;
	case X: return &m->x;
	case LIMIT: return &m->limit;
	}
	return NULL;
}

static int reals(lag *m, const unsigned *vr, size_t n, double *get, const double *set) {
	for (size_t i = 0; i < n; i++) {
		double *v = real(m, vr[i]);
		if (!v)
			return 3;
		if (get)
			get[i] = *v;
		else
			*v = set[i];
	}
	return 0;
}

static int save(lag *m, void **state) {
	*state = malloc(sizeof *m);
	memcpy(*state, m, sizeof *m);
	return 0;
}

#if FMI == 2

void *fmi2Instantiate(const char *name, int kind, const char *guid, const char *resources, const void *callbacks, int visible, int logging) {
	(void)name, (void)kind, (void)resources, (void)visible, (void)logging;
	return callbacks ? make(guid) : NULL;
}
int fmi2SetupExperiment(void *c, int td, double t, double start, int sd, double stop) { (void)c, (void)td, (void)t, (void)start, (void)sd, (void)stop; return 0; }
int fmi2EnterInitializationMode(void *c) { (void)c; return 0; }
int fmi2ExitInitializationMode(void *c) { (void)c; return 0; }
int fmi2Terminate(void *c) { (void)c; return 0; }
void fmi2FreeInstance(void *c) { free(c); }
int fmi2DoStep(void *c, double t, double h, int no_set) { (void)t, (void)no_set; return advance(c, h); }
int fmi2GetReal(void *c, const unsigned *vr, size_t n, double *v) { return reals(c, vr, n, v, NULL); }
int fmi2SetReal(void *c, const unsigned *vr, size_t n, const double *v) { return reals(c, vr, n, NULL, v); }
int fmi2GetInteger(void *c, const unsigned *vr, size_t n, int *v) {
	for (size_t i = 0; i < n; i++) {
		if (vr[i] != STEPS) return 3;
		v[i] = ((lag *)c)->steps;
	}
	return 0;
}
int fmi2SetInteger(void *c, const unsigned *vr, size_t n, const int *v) { (void)c, (void)vr, (void)n, (void)v; return 3; }
int fmi2GetBoolean(void *c, const unsigned *vr, size_t n, int *v) {
	lag *m = c;
	for (size_t i = 0; i < n; i++) v[i] = vr[i] == HIGH ? m->x > m->limit : m->crash;
	return 0;
}
int fmi2SetBoolean(void *c, const unsigned *vr, size_t n, const int *v) {
	for (size_t i = 0; i < n; i++) {
		if (vr[i] != CRASH) return 3;
		((lag *)c)->crash = v[i];
	}
	return 0;
}
int fmi2GetFMUstate(void *c, void **s) { return save(c, s); }
int fmi2SetFMUstate(void *c, void *s) { memcpy(c, s, sizeof(lag)); return 0; }

#else

void *fmi3InstantiateCoSimulation(const char *name, const char *given, const char *resources, bool visible, bool logging, bool event_mode,
	bool early, const unsigned *required, size_t n, void *environment, void *logger, void *update) {
	(void)name, (void)resources, (void)visible, (void)logging, (void)event_mode, (void)early, (void)required, (void)n, (void)environment, (void)update;
	return logger ? make(given) : NULL;
}
int fmi3EnterInitializationMode(void *c, bool td, double t, double start, bool sd, double stop) { (void)c, (void)td, (void)t, (void)start, (void)sd, (void)stop; return 0; }
int fmi3ExitInitializationMode(void *c) { (void)c; return 0; }
int fmi3Terminate(void *c) { (void)c; return 0; }
void fmi3FreeInstance(void *c) { free(c); }
int fmi3DoStep(void *c, double t, double h, bool no_set, bool *event, bool *terminate, bool *early, double *last) {
	(void)no_set;
	*event = *terminate = *early = false;
	*last = t + h;
	return advance(c, h);
}
int fmi3GetFloat64(void *c, const unsigned *vr, size_t n, double *v, size_t nv) { return n == nv ? reals(c, vr, n, v, NULL) : 3; }
int fmi3SetFloat64(void *c, const unsigned *vr, size_t n, const double *v, size_t nv) { return n == nv ? reals(c, vr, n, NULL, v) : 3; }
int fmi3GetFloat32(void *c, const unsigned *vr, size_t n, float *v, size_t nv) {
	double d;
	if (n != nv) return 3;
	for (size_t i = 0; i < n; i++) {
		if (reals(c, &vr[i], 1, &d, NULL)) return 3;
		v[i] = (float)d;
	}
	return 0;
}
int fmi3SetFloat32(void *c, const unsigned *vr, size_t n, const float *v, size_t nv) {
	if (n != nv) return 3;
	for (size_t i = 0; i < n; i++) {
		double d = v[i];
		if (reals(c, &vr[i], 1, NULL, &d)) return 3;
	}
	return 0;
}
int fmi3GetInt32(void *c, const unsigned *vr, size_t n, int32_t *v, size_t nv) {
	for (size_t i = 0; i < n && n == nv; i++) {
		if (vr[i] != STEPS) return 3;
		v[i] = ((lag *)c)->steps;
	}
	return n == nv ? 0 : 3;
}
int fmi3SetInt32(void *c, const unsigned *vr, size_t n, const int32_t *v, size_t nv) { (void)c, (void)vr, (void)n, (void)v, (void)nv; return 3; }
int fmi3GetBoolean(void *c, const unsigned *vr, size_t n, bool *v, size_t nv) {
	lag *m = c;
	for (size_t i = 0; i < n && n == nv; i++) v[i] = vr[i] == HIGH ? m->x > m->limit : m->crash;
	return n == nv ? 0 : 3;
}
int fmi3SetBoolean(void *c, const unsigned *vr, size_t n, const bool *v, size_t nv) {
	for (size_t i = 0; i < n && n == nv; i++) {
		if (vr[i] != CRASH) return 3;
		((lag *)c)->crash = v[i];
	}
	return n == nv ? 0 : 3;
}
int fmi3GetFMUState(void *c, void **s) { return save(c, s); }
int fmi3SetFMUState(void *c, void *s) { memcpy(c, s, sizeof(lag)); return 0; }

#endif
