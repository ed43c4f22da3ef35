#include <malloc.h>
#include <sqlite3.h>
#include <sys/random.h>

// sqlite3_config is variadic, which Swift cannot call.
// Statistics cost a process-wide mutex at every allocation; nothing here reads them.
static inline int custody_sqlite_without_memory_statistics(void) {
  return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

// mallopt and its macros are not part of Swift's Glibc module.
// What is freed at the end of the heap goes back at once, and large buffers are never carved out of it.
static inline void custody_keep_heap_small(void) {
  mallopt(M_ARENA_MAX, 1);
  mallopt(M_TRIM_THRESHOLD, 256 << 10);
  mallopt(M_TOP_PAD, 64 << 10);
}

// getrandom is not part of Swift's Glibc module either.
static inline long custody_random(void *bytes, unsigned long count) { return getrandom(bytes, count, 0); }

// Nor is syncfs, which only GNU's own headers declare on request.
extern int syncfs(int descriptor);
