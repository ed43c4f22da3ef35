public import CustodyLog
internal import DossierCore
internal import DossierSQLite
internal import Glibc

/// What a run of publishing did.
public struct Publication: Hashable, Sendable {
  /// The signed checkpoint that stands in the folder now.
  public var checkpoint: String
  public var head: LogHead
  /// Entries that were not published before.
  public var newEntries: UInt64
  /// Files of entries and hashes that were written.
  public var newFiles: Int
}

extension Tracker {
  /// Publishes the log as plain files (c2sp.org/tlog-tiles): anybody can mirror them with a file copy and check
  /// everything with the public key. A further run writes what is new, at a cost that follows the growth.
  ///
  /// Leaves hold no personal data, so neither do the files. The folder's own `checkpoint` says how far it is; it is
  /// replaced last, when everything that it speaks of is on the disk.
  ///
  /// - Parameters:
  ///   - path: a folder, made when it is not there.
  ///   - progress: called with (entries done, entries to do).
  /// - Throws: ``TrackerRefusal``: the folder holds another log, another history of this one, or a file that the log
  ///   does not give; or the store may not sign.
  public func publish(
    to path: String, progress: ((_ done: UInt64, _ all: UInt64) -> Void)? = nil
  ) throws -> Publication {
    do {
      let newest = try published()
      let files = try PublishedFiles(path)
      return try files.whileLocked {
        let old = try publishedSize(path, newest.checkpoint)
        let size = newest.checkpoint.size
        let writer = PublishedLogWriter(files: files, store: store)
        try writer.write(from: old, to: newest.checkpoint.head, progress: progress)
        try files.synchronize()
        let keys = try signer.trust().logs.map { $0.encoded + "\n" }.joined()
        try files.replace("log.pub", with: Array(keys.utf8))
        try files.replace("checkpoint", with: newest.note.encode())
        try publishCosigned(files, upTo: size)
        return Publication(
          checkpoint: newest.note.encoded, head: newest.checkpoint.head, newEntries: size - old,
          newFiles: files.written)
      }
    } catch { throw TrackerRefusal.explaining(error, path: path) }
  }

  /// How far the folder is, once its checkpoint has been found to be an earlier one of this log.
  private func publishedSize(_ path: String, _ newest: Checkpoint) throws -> UInt64 {
    let file = path + "/checkpoint"
    guard let bytes = try StoreFolder.read(file) else { return 0 }
    if let note = try? SignedNote.parse(bytes), let stated = try? Checkpoint.parse(note.text),
      !stated.origin.utf8.elementsEqual(origin.utf8)
    {
      throw TrackerRefusal(
        Finding(.publishedForeign, path: path, expected: origin, found: stated.origin))
    }
    let checkpoint = try signer.open(bytes, path: file)
    try Signer.require(store, extends: checkpoint.head, path: file)
    return checkpoint.size
  }

  /// Gives the checkpoints away that witnesses have cosigned: they tell since when something has been in the log.
  private func publishCosigned(_ files: PublishedFiles, upTo size: UInt64) throws {
    for kept in kept.sizes() where kept <= size {
      guard let bytes = try StoreFolder.read("\(signer.folder.path)/checkpoints/\(kept)"),
        let note = try? SignedNote.parse(bytes), note.isCosigned,
        (try? Checkpoint.parse(note.text))?.origin.utf8.elementsEqual(origin.utf8) == true
      else { continue }
      try files.replace("checkpoints/\(kept)", with: bytes)
    }
  }
}

/// Writes the entries and hashes that a grown log adds to a folder.
private struct PublishedLogWriter {
  let files: PublishedFiles
  let store: SQLiteStore

  /// Leaves held at once: 16 files' worth.
  private static let page = 16 * LogTile.greatestWidth

  /// - Throws: a refusal when the rows do not hash to the head, so that nothing false is ever announced.
  func write(from old: UInt64, to head: LogHead, progress: ((UInt64, UInt64) -> Void)?) throws {
    var next = old & ~255
    while old < head.size, next < head.size {
      let leaves = try store.leaves(
        from: next, limit: Int(min(UInt64(Self.page), head.size - next)))
      if leaves.isEmpty { break }
      for start in stride(from: 0, to: leaves.count, by: LogTile.greatestWidth) {
        try put(leaves[start..<min(start + LogTile.greatestWidth, leaves.count)])
      }
      next += UInt64(leaves.count)
      progress?(next - old, head.size - old)
    }
    for level in 1...7 where old < head.size {
      let shift = UInt64(8 * level)
      let (known, count) = (old >> shift, head.size >> shift)
      var first = known & ~255
      while known < count, first < count {
        let width = Int(min(256, count - first))
        let roots = try store.subtreeRoots(level: level, from: first, count: width)
        try put(.hashes(level: level), first >> 8, width, LogTile.encode(roots))
        first += 256
      }
    }
    // What is announced is what is in the files, not what the store's tables claim.
    let root = try MerkleProof.root(size: head.size) { level, index in
      let root = try LogTile.subtree(level: level, index: index, size: head.size) { tile in
        tile.parseHashes(try files.read(tile.path) ?? []) ?? []
      }
      guard let root else { throw TrackerRefusal(Finding(.publishedAltered, path: files.path)) }
      return root
    }
    guard root == head.root else {
      throw TrackerRefusal(
        Finding(
          .publishedAltered, path: files.path, expected: head.root.base64, found: root.base64,
          detail: "root"))
    }
  }

  private func put(_ leaves: ArraySlice<StoredLeaf>) throws {
    guard let first = leaves.first else { return }
    guard let entries = LogTile.encode(entries: leaves.map(\.bytes)) else {
      throw TrackerRefusal(Finding(.leafCannotBeEncoded, path: "event/\(first.index)"))
    }
    try put(.entries, first.index >> 8, leaves.count, entries)
    try put(.hashes(level: 0), first.index >> 8, leaves.count, LogTile.encode(leaves.map(\.hash)))
  }

  private func put(_ content: LogTile.Content, _ index: UInt64, _ width: Int, _ bytes: [UInt8]) throws {
    guard let tile = LogTile(content, index: index, width: width) else { return }
    try files.add(tile.path, bytes)
    // The full file stands for the partial ones, also for readers of an older checkpoint.
    if tile.isFull { try files.removeFolder(tile.path + ".p") }
  }
}

/// The files of a published log, each of which appears under its name only when it is whole.
final class PublishedFiles {
  let path: String
  /// How many files ``add(_:_:)`` has written.
  private(set) var written = 0
  private var folders: Set<Substring> = []

  init(_ path: String) throws {
    self.path = path
    try Self.makeFolder(path)
  }

  /// Runs `body` while no other process publishes into the folder.
  func whileLocked<T>(_ body: () throws -> T) throws -> T {
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw Self.unwritable(path) }
    defer { close(folder) }
    while flock(folder, LOCK_EX) != 0 {
      if errno != EINTR { throw Self.unwritable(path) }
    }
    return try body()
  }

  func read(_ name: String) throws -> [UInt8]? {
    try StoreFolder.read("\(path)/\(name)", limit: 64 << 20)
  }

  /// Writes a file that never changes afterwards.
  ///
  /// - Throws: a refusal when there is one with other bytes. An empty one is what a power cut leaves of a file that was
  ///   never announced.
  func add(_ name: String, _ bytes: [UInt8]) throws {
    let file = "\(path)/\(name)"
    if let known = try read(name), !known.isEmpty {
      guard known == bytes else { throw TrackerRefusal(Finding(.publishedAltered, path: file)) }
      return
    }
    try makeFolders(of: name)
    let draft = file + ".new"
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Self.unwritable(file) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        let refusal = Self.unwritable(file)
        close(descriptor)
        unlink(draft)
        throw refusal
      }
      rest = rest.dropFirst(count)
    }
    guard close(descriptor) == 0, rename(draft, file) == 0 else { throw Self.unwritable(file) }
    written += 1
  }

  /// Puts everything that was added on the disk: one call, however many files there are.
  func synchronize() throws {
    guard written > 0 else { return }
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw Self.unwritable(path) }
    defer { close(folder) }
    guard synchronizeFileSystem(of: folder) else { throw Self.unwritable(path) }
  }

  /// Replaces a file, durably; one that says the same is left alone.
  func replace(_ name: String, with bytes: [UInt8]) throws {
    if try read(name) == bytes { return }
    try makeFolders(of: name)
    try StoreFolder.write(bytes, to: "\(path)/\(name)", mode: 0o644)
  }

  /// Removes a folder of files, if it is there.
  func removeFolder(_ name: String) throws {
    let folder = "\(path)/\(name)"
    guard access(folder, F_OK) == 0 else { return }
    for width in 1..<LogTile.greatestWidth { unlink("\(folder)/\(width)") }
    guard rmdir(folder) == 0 || errno == ENOTEMPTY || errno == EEXIST else { throw Self.unwritable(folder) }
  }

  private func makeFolders(of name: String) throws {
    let parts = name.split(separator: "/").dropLast()
    let folder = parts.joined(separator: "/")[...]
    if parts.isEmpty || folders.contains(folder) { return }
    var made = path
    for part in parts {
      made += "/" + part
      try Self.makeFolder(made)
    }
    folders.insert(folder)
  }

  private static func makeFolder(_ path: String) throws {
    guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw unwritable(path) }
  }

  private static func unwritable(_ path: String) -> TrackerRefusal {
    TrackerRefusal(Finding(.outputUnwritable, path: path, detail: String(cString: strerror(errno))))
  }
}
