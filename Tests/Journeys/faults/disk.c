// Preloaded into a desk: the disk under its database fails as the test orders it to, by words of a shared file.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct orders {
    // The n-th sync, or write, from now fails; 0: none does.
    _Atomic int syncs, writes;
    // With what.
    _Atomic int error;
    // And all that follow, until both are 0 again.
    _Atomic int stays;
    // So many have failed.
    _Atomic int hits;
};

static struct orders *orders;

__attribute__((constructor)) static void start(void) {
    const char *path = getenv("DISK_ORDERS");
    int file = path ? open(path, O_RDWR) : -1;
    if (file < 0) return;
    void *shared = mmap(NULL, sizeof *orders, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (shared != MAP_FAILED) orders = shared;
    close(file);
}

static int fails(_Atomic int *countdown, int file) {
    if (!orders || atomic_load(countdown) <= 0) return 0;
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    if (!strstr(path, ".sqlite")) return 0;
    int left = atomic_fetch_sub(countdown, 1);
    if (left > 1) return 0;
    if (left < 1) {
        // Another thread had the last one.
        atomic_fetch_add(countdown, 1);
        return 0;
    }
    if (atomic_load(&orders->stays)) atomic_store(countdown, 1);
    atomic_fetch_add(&orders->hits, 1);
    errno = atomic_load(&orders->error);
    return 1;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int fdatasync(int file) { return fails(&orders->syncs, file) ? -1 : NEXT(fdatasync)(file); }
int fsync(int file) { return fails(&orders->syncs, file) ? -1 : NEXT(fsync)(file); }
ssize_t pwrite(int file, const void *bytes, size_t count, off_t at) { return fails(&orders->writes, file) ? -1 : NEXT(pwrite)(file, bytes, count, at); }
ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t at) { return fails(&orders->writes, file) ? -1 : NEXT(pwrite64)(file, bytes, count, at); }
