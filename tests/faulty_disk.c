/* Preloaded into a run: the Nth call of one kind on files of a workspace fails, below Python and SQLite alike.

   faulty_disk(root, call, at, error) arms it, for this process and those that it forks, which share one count: `call` is
   open, write, fsync or rename, `at` which one fails (0: none), `error` its errno. faulty_disk_calls() is the count. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <unistd.h>

static char root[PATH_MAX], wanted[16];
static long fails_at;
static int fails_with;
static long *seen; /* shared by all processes */

__attribute__((constructor)) static void share(void) {
    seen = mmap(0, sizeof *seen, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

void faulty_disk(const char *workspace, const char *call, long at, int error) {
    snprintf(root, sizeof root, "%s", workspace);
    snprintf(wanted, sizeof wanted, "%s", call);
    fails_at = at;
    fails_with = error;
    *seen = 0;
}

long faulty_disk_calls(void) { return *seen; }

static int under_root(const char *path) { return *root && path && strncmp(path, root, strlen(root)) == 0; }

static int is_ours(int file) {
    char link[64], path[PATH_MAX];
    if (!*root) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return under_root(path);
}

static int fails(const char *call, int ours) {
    if (!ours || strcmp(call, wanted) != 0) return 0;
    if (__sync_add_and_fetch(seen, 1) != fails_at) return 0;
    errno = fails_with;
    return 1;
}

#define REAL(name) __typeof__(&name) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)
#define MODE(flags) \
    mode_t mode = 0; \
    if ((flags) & (O_CREAT | O_TMPFILE)) { va_list more; va_start(more, flags); mode = va_arg(more, mode_t); va_end(more); }

int open(const char *path, int flags, ...) { MODE(flags) REAL(open); return fails("open", under_root(path)) ? -1 : real(path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags) REAL(open64); return fails("open", under_root(path)) ? -1 : real(path, flags, mode); }
int openat(int at, const char *path, int flags, ...) { MODE(flags) REAL(openat); return fails("open", under_root(path)) ? -1 : real(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE(flags) REAL(openat64); return fails("open", under_root(path)) ? -1 : real(at, path, flags, mode); }
FILE *fopen(const char *path, const char *how) { REAL(fopen); return fails("open", under_root(path)) ? 0 : real(path, how); }
FILE *fopen64(const char *path, const char *how) { REAL(fopen64); return fails("open", under_root(path)) ? 0 : real(path, how); }
ssize_t write(int file, const void *from, size_t size) { REAL(write); return fails("write", is_ours(file)) ? -1 : real(file, from, size); }
ssize_t pwrite(int file, const void *from, size_t size, off_t at) { REAL(pwrite); return fails("write", is_ours(file)) ? -1 : real(file, from, size, at); }
ssize_t pwrite64(int file, const void *from, size_t size, off64_t at) { REAL(pwrite64); return fails("write", is_ours(file)) ? -1 : real(file, from, size, at); }
ssize_t writev(int file, const struct iovec *from, int count) { REAL(writev); return fails("write", is_ours(file)) ? -1 : real(file, from, count); }
ssize_t sendfile(int to, int from, off_t *at, size_t size) { REAL(sendfile); return fails("write", is_ours(to)) ? -1 : real(to, from, at, size); }
ssize_t sendfile64(int to, int from, off64_t *at, size_t size) { REAL(sendfile64); return fails("write", is_ours(to)) ? -1 : real(to, from, at, size); }
int fsync(int file) { REAL(fsync); return fails("fsync", is_ours(file)) ? -1 : real(file); }
int fdatasync(int file) { REAL(fdatasync); return fails("fsync", is_ours(file)) ? -1 : real(file); }
int rename(const char *from, const char *to) { REAL(rename); return fails("rename", under_root(from)) ? -1 : real(from, to); }
int renameat(int a, const char *from, int b, const char *to) { REAL(renameat); return fails("rename", under_root(from)) ? -1 : real(a, from, b, to); }
