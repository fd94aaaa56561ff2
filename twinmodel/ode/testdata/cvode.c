/* The peer of BenchmarkAgainstCVODE: two problems solved by SUNDIALS CVODE with
 * BDF, dense Newton and its own root finder, as its examples use it.
 *
 *   cvode cstrIgn|truck repetitions
 *
 * prints CPU seconds per solution, steps, evaluations, events and the end state.
 * Set-up is part of the time, as it is of ours. */
#include <cvode/cvode.h>
#include <math.h>
#include <nvector/nvector_serial.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sunlinsol/sunlinsol_dense.h>
#include <sunmatrix/sunmatrix_dense.h>
#include <time.h>

#define PI 3.14159265358979323846

static void must(int flag, const char *what) {
  if (flag < 0) {
    fprintf(stderr, "%s: %d\n", what, flag);
    exit(1);
  }
}

/* A solver with everything it owns. */
struct solver {
  SUNContext context;
  N_Vector y;
  SUNMatrix matrix;
  SUNLinearSolver linear;
  void *cvode;
};

static struct solver start(CVRhsFn f, const double *y0, const double *abstol, int n, void *user) {
  struct solver s;
  must(SUNContext_Create(NULL, &s.context), "context");
  s.y = N_VNew_Serial(n, s.context);
  N_Vector abs = N_VNew_Serial(n, s.context);
  for (int i = 0; i < n; i++) {
    NV_Ith_S(s.y, i) = y0[i];
    NV_Ith_S(abs, i) = abstol[i];
  }
  s.cvode = CVodeCreate(CV_BDF, s.context);
  must(CVodeInit(s.cvode, f, 0, s.y), "init");
  must(CVodeSVtolerances(s.cvode, 1e-6, abs), "tolerances");
  must(CVodeSetUserData(s.cvode, user), "user data");
  must(CVodeSetMaxNumSteps(s.cvode, 1000000), "steps");
  s.matrix = SUNDenseMatrix(n, n, s.context);
  s.linear = SUNLinSol_Dense(s.y, s.matrix, s.context);
  must(CVodeSetLinearSolver(s.cvode, s.linear, s.matrix), "linear solver");
  N_VDestroy(abs);
  return s;
}

static void stop(struct solver *s) {
  CVodeFree(&s->cvode);
  SUNLinSolFree(s->linear);
  SUNMatDestroy(s->matrix);
  N_VDestroy(s->y);
  SUNContext_Free(&s->context);
}

struct work {
  long steps, evaluations, events;
};

/* count adds what the solver did since it was last initialised. */
static void count(struct solver *s, struct work *w) {
  long n;
  CVodeGetNumSteps(s->cvode, &n), w->steps += n;
  CVodeGetNumRhsEvals(s->cvode, &n), w->evaluations += n;
  CVodeGetNumLinRhsEvals(s->cvode, &n), w->evaluations += n;
}

/* Bequette's CSTR with its jacket at 312 K, time in hours. */
static int cstr(realtype t, N_Vector y, N_Vector dy, void *user) {
  const double *x = NV_DATA_S(y);
  double *d = NV_DATA_S(dy);
  double r = 9703.0 * 3600 * exp(-11843 / (1.987 * x[1])) * x[0];
  d[0] = 10 - x[0] - r;
  d[1] = 298 - x[1] + 5960.0 / 500 * r - 150.0 / 500 * (x[1] - 312);
  return 0;
}

static struct work solveCSTR(double *end) {
  const double y0[] = {5.518, 345}, abstol[] = {1e-9, 1e-9};
  struct work w = {0, 0, 0};
  struct solver s = start(cstr, y0, abstol, 2, NULL);
  realtype t;
  must(CVodeSetStopTime(s.cvode, 10), "stop time");
  must(CVode(s.cvode, 10, s.y, &t, CV_NORMAL), "solve");
  count(&s, &w);
  memcpy(end, NV_DATA_S(s.y), 2 * sizeof *end);
  stop(&s);
  return w;
}

struct truck {
  int on, door;
};

/* TRUCK-BENCH of truck_test.go. */
static int truck(realtype t, N_Vector y, N_Vector dy, void *user) {
  const struct truck *m = user;
  const double *x = NV_DATA_S(y);
  double *d = NV_DATA_S(dy);
  const double ki = 1500, kw = 63.825, ko = 3000, ca = 75 * 1.3 * 1005 * 6, cw = 675000, cs = 7e6, cc = 3.5e7;
  const double ha = 900, gc = 900, fan = 300, sigma = 5.670374419e-8, day = 2 * PI / 86400;
  double amb = 25 + 8 * sin(day * (t - 32400));
  double sun = fmax(0, 800 * sin(day * (t - 21600)));
  double inf = m->door ? 0.35 * 1.25 * 1005 : 8;
  double q = m->on ? 8000 * (1 + 0.02 * (x[0] + 20)) * (1 - 0.008 * (amb - 30)) : 0;
  double skin = x[2] + 273.15, sky = amb - 11 + 273.15;
  d[0] = (ki * (x[1] - x[0]) + ha * (x[3] - x[0]) + inf * (amb - x[0]) + fan - x[5]) / ca;
  d[1] = (ki * (x[0] - x[1]) + kw * (x[2] - x[1])) / cw;
  d[2] = (kw * (x[1] - x[2]) + ko * (amb - x[2]) + 0.3 * 45 * sun -
          sigma * 0.9 * 35 * (skin * skin * skin * skin - sky * sky * sky * sky)) / cw;
  d[3] = (ha * (x[0] - x[3]) + gc * (x[4] - x[3])) / cs;
  d[4] = gc * (x[3] - x[4]) / cc;
  d[5] = (q - x[5]) / 60;
  return 0;
}

static int thermostat(realtype t, N_Vector y, realtype *g, void *user) {
  const struct truck *m = user;
  g[0] = NV_Ith_S(y, 0) + (m->on ? 21 : 19);
  return 0;
}

static struct work solveTruck(double *end) {
  const double y0[] = {-20, -18, 22, -20, -20, 8000}, abstol[] = {1e-6, 1e-6, 1e-6, 1e-6, 1e-6, 1e-6};
  struct work w = {0, 0, 0};
  struct truck m = {1, 0};
  struct solver s = start(truck, y0, abstol, 6, &m);
  realtype t = 0;
  double door = 7200;
  must(CVodeRootInit(s.cvode, 1, thermostat), "root");
  for (;;) {
    double limit = fmin(door, 86400);
    must(CVodeSetStopTime(s.cvode, limit), "stop time");
    int flag = CVode(s.cvode, limit, s.y, &t, CV_NORMAL);
    must(flag, "solve");
    if (flag == CV_ROOT_RETURN) {
      m.on = !m.on;
      w.events++;
    }
    if (t >= door) {
      m.door = !m.door;
      door += m.door ? 600 : 6600;
      w.events++;
    }
    count(&s, &w);
    if (t >= 86400) break;
    must(CVodeReInit(s.cvode, t, s.y), "restart");
  }
  memcpy(end, NV_DATA_S(s.y), 6 * sizeof *end);
  stop(&s);
  return w;
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  int n = strcmp(argv[1], "truck") ? 2 : 6, repetitions = atoi(argv[2]);
  double end[6];
  struct work w = {0, 0, 0};
  clock_t begin = clock();
  for (int i = 0; i < repetitions; i++) w = n == 6 ? solveTruck(end) : solveCSTR(end);
  double cpu = (double)(clock() - begin) / CLOCKS_PER_SEC / repetitions;
  printf("%.9g %ld %ld %ld", cpu, w.steps, w.evaluations, w.events);
  for (int i = 0; i < n; i++) printf(" %.15g", end[i]);
  printf("\n");
  return 0;
}
