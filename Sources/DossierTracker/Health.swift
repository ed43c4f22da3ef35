internal import CustodyLog
public import DossierCore
internal import DossierManifest
internal import DossierReport
internal import DossierSQLite
internal import Glibc

/// One thing that was looked at before trusting a machine with a store.
public struct HealthCheck: Hashable, Sendable {
  public enum Subject: String, Hashable, Sendable, CaseIterable {
    case program, compiler, sqlite, libxml2, zstd, printing, clock, space, store, log, signer, key, nextKey,
      checkpoint
    case frozen
  }

  public var subject: Subject
  /// What it is: a version, a time, a path.
  public var value: String
  /// What is wrong with it; nil when nothing is.
  public var finding: Finding?

  public init(_ subject: Subject, _ value: String, _ finding: Finding? = nil) {
    self.subject = subject
    self.value = value
    self.finding = finding
  }
}

/// Looks at libraries, clock, disk, store and keys without changing what is recorded.
public enum Health {
  /// Free space below which an import may not end.
  static let advisedSpace: Int64 = 1 << 30

  /// - Parameter path: the store's folder, which need not be there.
  public static func examine(
    _ path: String, environment: Tracker.Environment = .init()
  ) -> [HealthCheck] {
    var checks = libraries()
    var lastRecorded: Int64?
    let folder = StoreFolder(path: path)
    let store = storeChecks(folder, environment, &lastRecorded)
    let printing = PrintCheck.run()
    checks.append(HealthCheck(.printing, printing.program, printing.finding))
    checks.append(clock(environment, lastRecorded))
    checks.append(space(path))
    return checks + store
  }

  private static func libraries() -> [HealthCheck] {
    func tooOld(_ name: String, _ oldest: String, _ found: String) -> Finding {
      Finding(.libraryTooOld, path: name, expected: oldest, found: found)
    }
    let sqlite = StoreLibraries.sqlite
    let libxml2 = XMLLibrary.version
    return [
      HealthCheck(.program, ProductVersion.current), HealthCheck(.compiler, ProductVersion.compiler),
      HealthCheck(
        .sqlite, sqlite,
        StoreLibraries.sqliteIsRecent ? nil : tooOld("SQLite", StoreLibraries.oldestSQLite, sqlite)),
      HealthCheck(
        .libxml2, libxml2, XMLLibrary.isRecent ? nil : tooOld("libxml2", XMLLibrary.oldest, libxml2)),
      HealthCheck(.zstd, StoreLibraries.zstd),
    ]
  }

  private static func clock(_ environment: Tracker.Environment, _ lastRecorded: Int64?) -> HealthCheck {
    func text(_ time: Int64) -> String {
      OffsetDateTime(milliseconds: time, offsetMinutes: environment.zone)?.text ?? "\(time)"
    }
    let now = environment.now()
    // A machine whose clock battery is dead wakes up in the past, before the first release of this program.
    let earliest = max(lastRecorded ?? 0, 1_767_200_400_000)
    return HealthCheck(
      .clock, text(now),
      now < earliest ? Finding(.clockWrong, expected: text(earliest), found: text(now)) : nil)
  }

  private static func space(_ path: String) -> HealthCheck {
    var status = statvfs()
    var place = path
    while statvfs(place.isEmpty ? "." : place, &status) != 0 {
      guard errno == ENOENT, !place.isEmpty else { return HealthCheck(.space, "?") }
      place = place.lastIndex(of: "/").map { String(place[..<$0]) } ?? ""
      if place.isEmpty && path.hasPrefix("/") { place = "/" }
    }
    let free = Int64(clamping: UInt64(status.f_bavail) &* UInt64(status.f_frsize))
    return HealthCheck(
      .space, mebibytes(free),
      free < advisedSpace
        ? Finding(.spaceLow, path: path, expected: mebibytes(advisedSpace), found: mebibytes(free)) : nil)
  }

  private static func mebibytes(_ bytes: Int64) -> String { "\(bytes >> 20) MiB" }

  private static func storeChecks(
    _ folder: StoreFolder, _ environment: Tracker.Environment, _ lastRecorded: inout Int64?
  ) -> [HealthCheck] {
    guard folder.exists else {
      return [HealthCheck(.store, folder.path, Finding(.storeAbsent, path: folder.path))]
    }
    var checks: [HealthCheck] = []
    var head: LogHead?
    do {
      let tracker = try Tracker(opening: folder.path, readOnly: true, environment: environment)
      lastRecorded = try tracker.explained { try tracker.store.lastRecordedAt() }
      head = try tracker.head()
      checks.append(HealthCheck(.store, folder.path, unwritable(folder)))
    } catch {
      checks.append(HealthCheck(.store, folder.path, finding(error, folder.database)))
    }
    if let head { checks.append(HealthCheck(.log, "\(head.size) \(head.root.base64)")) }
    checks.append(HealthCheck(.signer, folder.signerPlace ?? folder.keys))
    checks.append(key(folder))
    if let next = try? StoreFolder.line(folder.nextVerifierKey) {
      checks.append(HealthCheck(.nextKey, next))
    }
    checks.append(checkpoint(folder, environment))
    if folder.isFrozen {
      checks.append(
        HealthCheck(.frozen, folder.frozen, Finding(.logFrozen, severity: .info, path: folder.frozen)))
    }
    return checks
  }

  private static func unwritable(_ folder: StoreFolder) -> Finding? {
    for path in [folder.path, folder.database] where access(path, W_OK) != 0 {
      return Finding(.storeUnwritable, path: path, detail: String(cString: strerror(errno)))
    }
    return nil
  }

  private static func key(_ folder: StoreFolder) -> HealthCheck {
    do {
      let signer = Signer(folder: folder)
      // Another user signs: that the key cannot be read here is as it should be.
      return HealthCheck(
        .key, try signer.isAnothers ? signer.verifier().encoded : signer.key().verifier.encoded)
    } catch {
      return HealthCheck(.key, folder.signingKey, finding(error, folder.signingKey))
    }
  }

  private static func checkpoint(
    _ folder: StoreFolder, _ environment: Tracker.Environment
  ) -> HealthCheck {
    do {
      let tracker = try Tracker(opening: folder.path, readOnly: true, environment: environment)
      guard let last = try tracker.signer.last() else {
        return HealthCheck(
          .checkpoint, folder.checkpoint, Finding(.checkpointMissing, path: folder.checkpoint))
      }
      let head = last.checkpoint.head
      let text = "\(head.size) \(head.root.base64) \(Signer.time(last.memory.signedAt))"
      do {
        try tracker.explained {
          try tracker.signer.requireOwn(tracker.store)
          try Signer.require(tracker.store, extends: head, path: folder.checkpoint)
        }
        guard environment.now() < last.memory.signedAt else { return HealthCheck(.checkpoint, text) }
        return HealthCheck(
          .checkpoint, text,
          Finding(
            .checkpointClock, path: folder.checkpoint, expected: Signer.time(last.memory.signedAt),
            found: Signer.time(environment.now())))
      } catch let refusal as TrackerRefusal {
        return HealthCheck(.checkpoint, text, refusal.finding)
      }
    } catch {
      return HealthCheck(.checkpoint, folder.checkpoint, finding(error, folder.checkpoint))
    }
  }

  private static func finding(_ error: any Error, _ path: String) -> Finding {
    switch TrackerRefusal.explaining(error, path: path) {
    case let refusal as TrackerRefusal: refusal.finding
    case let other: Finding(.storeUnwritable, path: path, detail: "\(other)")
    }
  }
}
