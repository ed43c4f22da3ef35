/* Records what a program writes below a folder, and in which order it synchronises: LD_PRELOAD=recorder.so with
 * POWERCUT_DIR (absolute) and POWERCUT_LOG. Standard output is recorded too: what stands there was acknowledged.
 *
 * A record: kind (1 byte), 3 unused, file number (4), offset (8), length (8), then that many bytes. Files are numbered
 * as they are opened; the number is that of the open file, so that a rename does not confuse them.
 *   o open: path   c created by this open: path   w write   t truncate: offset is the new size
 *   s fsync or fdatasync   d fsync of a folder: path   r rename: "old\0new"   u unlink: path   a standard output */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { fdLimit = 4096 };
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint32_t numbers[fdLimit]; /* 0: not ours */
static char folders[fdLimit][256];
static uint32_t lastNumber;
static int logFile = -1;
static const char *root;

static void begin(void) {
  if (logFile >= 0) return;
  root = getenv("POWERCUT_DIR");
  const char *path = getenv("POWERCUT_LOG");
  if (!root || !path) return;
  logFile = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  lastNumber = (uint32_t)getpid() << 12; /* the same log takes one process after another */
}

static void put(char kind, uint32_t number, uint64_t offset, const void *bytes, uint64_t length) {
  if (logFile < 0) return;
  char head[24] = {kind};
  memcpy(head + 4, &number, 4);
  memcpy(head + 8, &offset, 8);
  memcpy(head + 16, &length, 8);
  struct iovec parts[2] = {{head, sizeof head}, {(void *)bytes, length}};
  syscall(SYS_writev, logFile, parts, 2);
}

/* The absolute path when it lies below the folder. */
static int isOurs(const char *path, char *full) {
  begin();
  if (!root || !path) return 0;
  if (path[0] == '/') snprintf(full, PATH_MAX, "%s", path);
  else {
    char current[PATH_MAX];
    if (!getcwd(current, sizeof current)) return 0;
    snprintf(full, PATH_MAX, "%.2000s/%.2000s", current, path);
  }
  size_t length = strlen(root);
  return strncmp(full, root, length) == 0 && (full[length] == '/' || full[length] == 0);
}

static void opened(int fd, const char *path, int flags, int existed) {
  char full[PATH_MAX];
  if (fd < 0 || fd >= fdLimit) return;
  pthread_mutex_lock(&lock);
  numbers[fd] = 0;
  folders[fd][0] = 0;
  if (isOurs(path, full)) {
    struct stat status;
    if (fstat(fd, &status) == 0 && S_ISDIR(status.st_mode)) {
      snprintf(folders[fd], sizeof folders[fd], "%.255s", full);
    } else {
      numbers[fd] = ++lastNumber;
      put(existed ? 'o' : 'c', numbers[fd], 0, full, strlen(full));
      if (existed && (flags & O_TRUNC)) put('t', numbers[fd], 0, "", 0);
    }
  }
  pthread_mutex_unlock(&lock);
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define OPEN(name)                                                              \
  int name(const char *path, int flags, ...) {                                  \
    mode_t mode = 0;                                                            \
    if (flags & O_CREAT) {                                                      \
      va_list list;                                                             \
      va_start(list, flags);                                                    \
      mode = va_arg(list, mode_t);                                              \
      va_end(list);                                                             \
    }                                                                           \
    int existed = access(path, F_OK) == 0;                                      \
    int fd = NEXT(name)(path, flags, mode);                                     \
    int error = errno;                                                          \
    opened(fd, path, flags, existed);                                           \
    errno = error;                                                              \
    return fd;                                                                  \
  }
OPEN(open)
OPEN(open64)

int close(int fd) {
  if (fd >= 0 && fd < fdLimit) {
    numbers[fd] = 0;
    folders[fd][0] = 0;
  }
  return NEXT(close)(fd);
}

static void written(int fd, const void *bytes, ssize_t count, off64_t offset) {
  if (count <= 0 || fd < 0 || fd >= fdLimit || !numbers[fd]) return;
  pthread_mutex_lock(&lock);
  put('w', numbers[fd], offset, bytes, count);
  pthread_mutex_unlock(&lock);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) {
  ssize_t done = NEXT(pwrite)(fd, bytes, count, offset);
  written(fd, bytes, done, offset);
  return done;
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) {
  ssize_t done = NEXT(pwrite64)(fd, bytes, count, offset);
  written(fd, bytes, done, offset);
  return done;
}

ssize_t write(int fd, const void *bytes, size_t count) {
  off64_t offset = fd >= 0 && fd < fdLimit && numbers[fd] ? lseek64(fd, 0, SEEK_CUR) : 0;
  if (fd == 1) {
    /* Before the bytes leave: who reads them knows them to be durable. */
    pthread_mutex_lock(&lock);
    begin();
    put('a', 0, 0, bytes, count);
    pthread_mutex_unlock(&lock);
  }
  ssize_t done = NEXT(write)(fd, bytes, count);
  written(fd, bytes, done, offset);
  return done;
}

static void truncated(int fd, int result, off64_t size) {
  if (result == 0 && fd >= 0 && fd < fdLimit && numbers[fd]) {
    pthread_mutex_lock(&lock);
    put('t', numbers[fd], size, "", 0);
    pthread_mutex_unlock(&lock);
  }
}

int ftruncate(int fd, off_t size) {
  int result = NEXT(ftruncate)(fd, size);
  truncated(fd, result, size);
  return result;
}

int ftruncate64(int fd, off64_t size) {
  int result = NEXT(ftruncate64)(fd, size);
  truncated(fd, result, size);
  return result;
}

static void synced(int fd, int result) {
  if (result != 0 || fd < 0 || fd >= fdLimit) return;
  pthread_mutex_lock(&lock);
  if (numbers[fd]) put('s', numbers[fd], 0, "", 0);
  else if (folders[fd][0]) put('d', 0, 0, folders[fd], strlen(folders[fd]));
  pthread_mutex_unlock(&lock);
}

int fsync(int fd) {
  int result = NEXT(fsync)(fd);
  synced(fd, result);
  return result;
}

int fdatasync(int fd) {
  int result = NEXT(fdatasync)(fd);
  synced(fd, result);
  return result;
}

int rename(const char *old, const char *new) {
  int result = NEXT(rename)(old, new);
  char from[PATH_MAX], to[PATH_MAX], both[2 * PATH_MAX];
  pthread_mutex_lock(&lock);
  if (result == 0 && isOurs(old, from) && isOurs(new, to)) {
    size_t length = strlen(from) + 1;
    memcpy(both, from, length);
    memcpy(both + length, to, strlen(to));
    put('r', 0, 0, both, length + strlen(to));
  }
  pthread_mutex_unlock(&lock);
  return result;
}

int unlink(const char *path) {
  int result = NEXT(unlink)(path);
  char full[PATH_MAX];
  pthread_mutex_lock(&lock);
  if (result == 0 && isOurs(path, full)) put('u', 0, 0, full, strlen(full));
  pthread_mutex_unlock(&lock);
  return result;
}
