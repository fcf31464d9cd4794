/*
 * Loaded before a program (LD_PRELOAD), lets one of its changes to files fail, or ends
 * the program there, as a full disk, a broken one or a power cut would.
 *
 * Environment: FAULT_FOLDER, a path that the changed file's path must contain; FAULT_AT,
 * which of the changes from 1 on; FAULT_KIND, an errno, 0 to kill the process, or its
 * negative where all later changes fail too; FAULT_COUNT, a file that gets a byte a
 * change.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_long changes;

/* Whether the change to a file fails; `errno` is set then. */
static int fails(const char *path) {
  const char *folder = getenv("FAULT_FOLDER"), *at = getenv("FAULT_AT");
  if (!folder || !at || !path || !strstr(path, folder)) return 0;
  const char *kind = getenv("FAULT_KIND"), *count = getenv("FAULT_COUNT");
  long change = atomic_fetch_add(&changes, 1) + 1, fault = atol(at);
  if (count) {
    int fd = syscall(SYS_openat, AT_FDCWD, count, O_CREAT | O_WRONLY | O_APPEND, 0600);
    syscall(SYS_write, fd, ".", 1);
    syscall(SYS_close, fd);
  }
  int number = kind ? atoi(kind) : 0;
  if (change != fault && !(number < 0 && change > fault)) return 0;
  if (number == 0) raise(SIGKILL);
  errno = abs(number);
  return 1;
}

static int fails_fd(int fd) {
  char link[40], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  long length = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return fails(path);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int open64(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  int mode = va_arg(rest, int);
  va_end(rest);
  if ((flags & O_ACCMODE) != O_RDONLY && fails(path)) return -1;
  return REAL(open64)(path, flags, mode);
}
ssize_t write(int fd, const void *bytes, size_t length) {
  return fails_fd(fd) ? -1 : REAL(write)(fd, bytes, length);
}
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) {
  return fails_fd(fd) ? -1 : REAL(pwrite64)(fd, bytes, length, at);
}
int fsync(int fd) { return fails_fd(fd) ? -1 : REAL(fsync)(fd); }
int fdatasync(int fd) { return fails_fd(fd) ? -1 : REAL(fdatasync)(fd); }
int ftruncate64(int fd, off64_t length) {
  return fails_fd(fd) ? -1 : REAL(ftruncate64)(fd, length);
}
int rename(const char *from, const char *to) {
  return fails(to) ? -1 : REAL(rename)(from, to);
}
int mkdir(const char *path, mode_t mode) {
  return fails(path) ? -1 : REAL(mkdir)(path, mode);
}
int rmdir(const char *path) { return fails(path) ? -1 : REAL(rmdir)(path); }
int unlink(const char *path) { return fails(path) ? -1 : REAL(unlink)(path); }
int unlinkat(int folder, const char *path, int flags) {
  return fails_fd(folder) ? -1 : REAL(unlinkat)(folder, path, flags);
}
