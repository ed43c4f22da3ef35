internal import CSQLite

/// Settings of the whole process, which only a program may make and no library on its own.
public enum ProcessMemory {
  /// Lets all threads share one arena of the C library's allocator, which gives back what is free at its end.
  ///
  /// An import's buffers are filled on one thread and given back on another; with an arena for each thread, what one
  /// gives back the other cannot use, and the process grows by a third without being any faster.
  public static func keepHeapSmall() { custody_keep_heap_small() }
}

/// Puts everything that was written to a file system on the disk: one call for any number of files (syncfs(2)).
///
/// - Parameter descriptor: an open file or folder on it.
/// - Returns: false when the disk did not take it.
public func synchronizeFileSystem(of descriptor: Int32) -> Bool { syncfs(descriptor) == 0 }
