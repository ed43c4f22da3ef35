#include <malloc.h>
#include <sqlite3.h>

// sqlite3_config is variadic, which Swift cannot call.
// Statistics cost a process-wide mutex at every allocation; nothing here reads them.
static inline int custody_sqlite_without_memory_statistics(void) {
  return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

// mallopt and its macros are not part of Swift's Glibc module.
static inline void custody_use_one_arena(void) { mallopt(M_ARENA_MAX, 1); }
