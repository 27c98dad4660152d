// Preloaded into a node: its wall clock is CLOCK_OFFSET seconds ahead; the clocks that nobody sets stay right, so that sleeping goes on as it should.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

static long offset;

__attribute__((constructor)) static void start(void) {
    const char *seconds = getenv("CLOCK_OFFSET");
    offset = seconds ? atol(seconds) : 0;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int clock_gettime(clockid_t clock, struct timespec *now) {
    int failed = NEXT(clock_gettime)(clock, now);
    if (!failed && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += offset;
    return failed;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    int failed = NEXT(gettimeofday)(now, zone);
    if (!failed) now->tv_sec += offset;
    return failed;
}

time_t time(time_t *to) {
    time_t now = NEXT(time)(NULL) + offset;
    if (to) *to = now;
    return now;
}
