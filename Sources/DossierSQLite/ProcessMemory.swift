internal import CSQLite

/// Settings of the whole process, which only a program may make and no library on its own.
public enum ProcessMemory {
  /// Lets all threads share one arena of the C library's allocator.
  ///
  /// An import's buffers are filled on one thread and given back on another; with an arena for each thread, what one
  /// gives back the other cannot use, and the process grows by a third without being any faster.
  public static func useOneArena() { custody_use_one_arena() }
}
