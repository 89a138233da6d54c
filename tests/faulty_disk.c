/* Preloaded into a run: the Nth call of one kind on files of a workspace fails, below Python and SQLite alike.

   FAULTY_ROOT: the workspace; FAULTY_CALL: open, write, fsync or rename; FAULTY_AT: which one fails, 0 for none;
   FAULTY_ERROR: its errno; FAULTY_COUNT: a file that gets the number of such calls when the process ends. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static long seen;

static int under_root(const char *path) {
    const char *root = getenv("FAULTY_ROOT");
    return root && path && strncmp(path, root, strlen(root)) == 0;
}

static int is_ours(int file) {
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return under_root(path);
}

static int fails(const char *call, int ours) {
    const char *wanted = getenv("FAULTY_CALL"), *at = getenv("FAULTY_AT"), *error = getenv("FAULTY_ERROR");
    if (!ours || !wanted || strcmp(call, wanted) != 0) return 0;
    if (__sync_add_and_fetch(&seen, 1) != atol(at ? at : "0")) return 0;
    errno = atoi(error ? error : "5");
    return 1;
}

__attribute__((destructor)) static void tell(void) {
    const char *count = getenv("FAULTY_COUNT"), *root = getenv("FAULTY_ROOT");
    if (!count || !root) return;
    unsetenv("FAULTY_ROOT");
    FILE *file = fopen(count, "a");
    if (file) { fprintf(file, "%d %ld\n", getpid(), seen); fclose(file); }
}

#define REAL(name) __typeof__(&name) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)
#define MODE(flags) \
    mode_t mode = 0; \
    if ((flags) & (O_CREAT | O_TMPFILE)) { va_list more; va_start(more, flags); mode = va_arg(more, mode_t); va_end(more); }

int open(const char *path, int flags, ...) { MODE(flags) REAL(open); return fails("open", under_root(path)) ? -1 : real(path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags) REAL(open64); return fails("open", under_root(path)) ? -1 : real(path, flags, mode); }
int openat(int at, const char *path, int flags, ...) { MODE(flags) REAL(openat); return fails("open", under_root(path)) ? -1 : real(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE(flags) REAL(openat64); return fails("open", under_root(path)) ? -1 : real(at, path, flags, mode); }
ssize_t write(int file, const void *from, size_t size) { REAL(write); return fails("write", is_ours(file)) ? -1 : real(file, from, size); }
ssize_t pwrite(int file, const void *from, size_t size, off_t at) { REAL(pwrite); return fails("write", is_ours(file)) ? -1 : real(file, from, size, at); }
ssize_t pwrite64(int file, const void *from, size_t size, off64_t at) { REAL(pwrite64); return fails("write", is_ours(file)) ? -1 : real(file, from, size, at); }
ssize_t writev(int file, const struct iovec *from, int count) { REAL(writev); return fails("write", is_ours(file)) ? -1 : real(file, from, count); }
int fsync(int file) { REAL(fsync); return fails("fsync", is_ours(file)) ? -1 : real(file); }
int fdatasync(int file) { REAL(fdatasync); return fails("fsync", is_ours(file)) ? -1 : real(file); }
int rename(const char *from, const char *to) { REAL(rename); return fails("rename", under_root(from)) ? -1 : real(from, to); }
int renameat(int a, const char *from, int b, const char *to) { REAL(renameat); return fails("rename", under_root(from)) ? -1 : real(a, from, b, to); }
