/*
 * Loaded before a program (LD_PRELOAD), lets one of its changes to files fail, or ends
 * the program there, as a full disk, a broken one or a power cut would. Of a write half
 * the bytes still get to the file.
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

/* Ends the program, or sets `errno`. */
static int fault(void) {
  const char *kind = getenv("FAULT_KIND");
  int number = kind ? atoi(kind) : 0;
  if (number == 0) raise(SIGKILL);
  errno = abs(number);
  return -1;
}

/* Whether the change to a file is one that fails. */
static int fails(const char *path) {
  const char *folder = getenv("FAULT_FOLDER"), *at = getenv("FAULT_AT");
  if (!folder || !at || !path || !strstr(path, folder)) return 0;
  const char *kind = getenv("FAULT_KIND"), *count = getenv("FAULT_COUNT");
  long change = atomic_fetch_add(&changes, 1) + 1, first = atol(at);
  if (count) {
    int fd = syscall(SYS_openat, AT_FDCWD, count, O_CREAT | O_WRONLY | O_APPEND, 0600);
    syscall(SYS_write, fd, ".", 1);
    syscall(SYS_close, fd);
  }
  return change == first || (kind && atoi(kind) < 0 && change > first);
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
  if ((flags & O_ACCMODE) != O_RDONLY && fails(path)) return fault();
  return REAL(open64)(path, flags, mode);
}
ssize_t write(int fd, const void *bytes, size_t length) {
  if (!fails_fd(fd)) return REAL(write)(fd, bytes, length);
  REAL(write)(fd, bytes, length / 2);
  return fault();
}
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) {
  if (!fails_fd(fd)) return REAL(pwrite64)(fd, bytes, length, at);
  REAL(pwrite64)(fd, bytes, length / 2, at);
  return fault();
}
int fsync(int fd) { return fails_fd(fd) ? fault() : REAL(fsync)(fd); }
int fdatasync(int fd) { return fails_fd(fd) ? fault() : REAL(fdatasync)(fd); }
int ftruncate64(int fd, off64_t length) {
  return fails_fd(fd) ? fault() : REAL(ftruncate64)(fd, length);
}
int rename(const char *from, const char *to) {
  return fails(to) ? fault() : REAL(rename)(from, to);
}
int mkdir(const char *path, mode_t mode) {
  return fails(path) ? fault() : REAL(mkdir)(path, mode);
}
int rmdir(const char *path) { return fails(path) ? fault() : REAL(rmdir)(path); }
int unlink(const char *path) { return fails(path) ? fault() : REAL(unlink)(path); }
int unlinkat(int folder, const char *path, int flags) {
  return fails_fd(folder) ? fault() : REAL(unlinkat)(folder, path, flags);
}
