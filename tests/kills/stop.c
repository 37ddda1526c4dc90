/* Stops a program with SIGKILL at one of its writes or flushes: before the n-th, in the middle of it, or after it.
 *
 * Loaded before libc (LD_PRELOAD) by tests that have told it in the environment which program is meant (STOP_PROGRAM) and
 * where its order stands (STOP_ORDER). It counts from the moment the order is there: "<n> b", "<n> h" or "<n> a" for
 * before, half, after; "0 l" stops nothing and writes down each point in the order's own file. Only files and sockets of
 * the network count: nothing else leaves the process, but for what it tells its own screen, as often as that is painted.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static const char *order_path;
static int meant;
static atomic_int ready; /* 0 not looked yet, 1 the order is read */
static atomic_long points;
static long stop_at;
static char how;

__attribute__((constructor)) static void begin(void) {
  const char *program = getenv("STOP_PROGRAM");
  order_path = getenv("STOP_ORDER");
  meant = program && order_path && strcmp(program, program_invocation_short_name) == 0;
}

static void die(void) {
  syscall(SYS_kill, (pid_t)syscall(SYS_getpid), SIGKILL);
  for (;;) pause();
}

static int ordered(void) {
  if (!meant) return 0;
  if (atomic_load(&ready)) return 1;
  char text[64] = {0};
  int fd = (int)syscall(SYS_openat, AT_FDCWD, order_path, O_RDONLY | O_CLOEXEC, 0);
  if (fd < 0) return 0;
  long got = syscall(SYS_read, fd, text, sizeof text - 1);
  syscall(SYS_close, fd);
  long n;
  char word;
  if (got <= 0 || sscanf(text, "%ld %c", &n, &word) != 2) return 0;
  stop_at = n;
  how = word;
  atomic_store(&ready, 1);
  return 1;
}

static int leaves(int fd) {
  struct stat what;
  if (fstat(fd, &what) != 0) return 0;
  int domain = AF_UNIX;
  socklen_t size = sizeof domain;
  if (S_ISSOCK(what.st_mode)) return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 && domain != AF_UNIX;
  return S_ISREG(what.st_mode);
}

static void list(const char *call, int fd, const char *name) {
  char link[64], target[512] = {0}, line[640];
  if (fd >= 0) {
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    long length = syscall(SYS_readlinkat, AT_FDCWD, link, target, sizeof target - 1);
    if (length < 0) target[0] = 0;
    name = target;
  }
  int size = snprintf(line, sizeof line, "%s %s\n", call, name);
  int out = (int)syscall(SYS_openat, AT_FDCWD, order_path, O_WRONLY | O_APPEND | O_CLOEXEC, 0);
  if (out < 0) return;
  syscall(SYS_write, out, line, size);
  syscall(SYS_close, out);
}

/* What this point is: 0 none of ours, else 'g' go on, 'h' do half and stop, 'a' do it and stop. */
static char point(const char *call, int fd, const char *name) {
  int before = errno;
  char what = 0;
  if (ordered() && (fd < 0 || leaves(fd))) {
    long now = atomic_fetch_add(&points, 1) + 1;
    what = 'g';
    if (how == 'l') list(call, fd, name);
    else if (now == stop_at && how == 'b') die();
    else if (now == stop_at) what = how;
  }
  errno = before;
  return what;
}

#define REAL(name) ((__typeof__(&name))real(#name))
static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

#define AFTER(what, call)                \
  do {                                   \
    __typeof__(call) answer = (call);    \
    if ((what) == 'a' || (what) == 'h') die(); \
    return answer;                       \
  } while (0)

/* Half of the bytes, where there are two. */
#define SOME(what, size) ((what) == 'h' && (size) > 1 ? (size) / 2 : (size))

ssize_t write(int fd, const void *bytes, size_t size) {
  char what = point("write", fd, "");
  AFTER(what, REAL(write)(fd, bytes, SOME(what, size)));
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at) {
  char what = point("write", fd, "");
  AFTER(what, REAL(pwrite)(fd, bytes, SOME(what, size), at));
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at) {
  char what = point("write", fd, "");
  AFTER(what, REAL(pwrite64)(fd, bytes, SOME(what, size), at));
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  char what = point("write", fd, "");
  if (what == 'h' && count > 0) {
    REAL(write)(fd, parts[0].iov_base, SOME('h', parts[0].iov_len));
    die();
  }
  AFTER(what, REAL(writev)(fd, parts, count));
}

ssize_t send(int fd, const void *bytes, size_t size, int flags) {
  char what = point("send", fd, "");
  AFTER(what, REAL(send)(fd, bytes, SOME(what, size), flags));
}

ssize_t sendto(int fd, const void *bytes, size_t size, int flags, const struct sockaddr *to, socklen_t length) {
  char what = point("send", fd, "");
  AFTER(what, REAL(sendto)(fd, bytes, SOME(what, size), flags, to, length));
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
  char what = point("send", fd, "");
  AFTER(what, REAL(sendmsg)(fd, message, flags));
}

int fsync(int fd) {
  char what = point("flush", fd, "");
  AFTER(what, REAL(fsync)(fd));
}

int fdatasync(int fd) {
  char what = point("flush", fd, "");
  AFTER(what, REAL(fdatasync)(fd));
}

int ftruncate(int fd, off_t size) {
  char what = point("truncate", fd, "");
  AFTER(what, REAL(ftruncate)(fd, size));
}

int ftruncate64(int fd, off64_t size) {
  char what = point("truncate", fd, "");
  AFTER(what, REAL(ftruncate64)(fd, size));
}

int rename(const char *from, const char *to) {
  char what = point("rename", -1, to);
  AFTER(what, REAL(rename)(from, to));
}

int unlink(const char *path) {
  char what = point("remove", -1, path);
  AFTER(what, REAL(unlink)(path));
}
