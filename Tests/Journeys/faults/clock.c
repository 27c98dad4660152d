// Preloaded into a node: its wall clock is ahead by CLOCK_OFFSET seconds, or by what stands in the file CLOCK_ORDERS, where it can be set while the node runs;
// the clocks that nobody sets stay right, so that sleeping goes on as it should.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long constant;
static volatile long *ahead = &constant;

__attribute__((constructor)) static void start(void) {
    const char *seconds = getenv("CLOCK_OFFSET"), *orders = getenv("CLOCK_ORDERS");
    constant = seconds ? atol(seconds) : 0;
    int file = orders ? open(orders, O_RDONLY) : -1;
    if (file < 0) return;
    void *shared = mmap(NULL, sizeof(long), PROT_READ, MAP_SHARED, file, 0);
    if (shared != MAP_FAILED) ahead = shared;
    close(file);
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int clock_gettime(clockid_t clock, struct timespec *now) {
    int failed = NEXT(clock_gettime)(clock, now);
    if (!failed && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += *ahead;
    return failed;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    int failed = NEXT(gettimeofday)(now, zone);
    if (!failed) now->tv_sec += *ahead;
    return failed;
}

time_t time(time_t *to) {
    time_t now = NEXT(time)(NULL) + *ahead;
    if (to) *to = now;
    return now;
}
