public import CustodyLog
public import DossierCore
internal import DossierSQLite
internal import Glibc

/// The product's verbs on one store: open it, import manifests, record scans, receive, show, audit, report.
///
/// A tracker may be used from any thread; several processes may hold one on the same folder.
public final class Tracker: Sendable {
  /// What the tracker takes from outside, so that the same store and the same call give the same bytes.
  public struct Environment: Sendable {
    /// Milliseconds since 1970 UTC.
    public var now: @Sendable () -> Int64
    /// Unpredictable bytes, for salts and event identifiers.
    public var randomness: @Sendable (Int) throws -> [UInt8]
    /// Offset from UTC in minutes that keyed events get.
    public var zone: Int16
    /// Threads of an audit.
    public var threads: Int

    public init(
      now: @escaping @Sendable () -> Int64 = Environment.systemClock,
      randomness: @escaping @Sendable (Int) throws -> [UInt8] = Environment.systemRandomness,
      zone: Int16 = OffsetDateTime.vietNamOffsetMinutes, threads: Int = Environment.processors
    ) {
      self.now = now
      self.randomness = randomness
      self.zone = zone
      self.threads = max(1, threads)
    }

    public static let systemRandomness: @Sendable (Int) throws -> [UInt8] = { try systemRandomBytes($0) }

    public static var processors: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

    public static let systemClock: @Sendable () -> Int64 = {
      var time = timespec()
      clock_gettime(CLOCK_REALTIME, &time)
      return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
  }

  public let path: String
  /// Code of the office that keeps the store: where keyed events happen unless they say otherwise.
  public let office: String
  /// Name of the log.
  public let origin: String
  public let environment: Environment
  let store: SQLiteStore
  let signer: Signer
  /// How a store is opened.
  enum Access {
    case reading
    case writing
    /// By a command that puts a refused store in order: it checks for itself what others are refused for.
    case maintaining
  }
  let seen = SeenCheckpoint()

  /// Opens the store in a folder.
  ///
  /// - Parameter readOnly: nothing will be written; works on read-only storage.
  /// - Throws: ``TrackerRefusal``: no store there, not writable, not what was signed last, or its log is frozen.
  public convenience init(
    opening path: String, readOnly: Bool = false, environment: Environment = Environment()
  ) throws {
    try self.init(path, readOnly ? .reading : .writing, environment)
  }

  /// - Parameter fault: called before every statement of a write; a test throws from it.
  init(
    _ path: String, _ access: Access, _ environment: Environment, fault: (@Sendable () throws -> Void)? = nil
  ) throws {
    let folder = StoreFolder(path: path)
    guard folder.exists else { throw TrackerRefusal(Finding(.storeAbsent, path: path)) }
    do {
      var options = SQLiteStore.Options(randomness: environment.randomness, fault: fault)
      if access == .writing {
        options.permission = {
          if folder.isFrozen { throw TrackerRefusal(Finding(.logFrozen, path: folder.frozen)) }
        }
      }
      store = try SQLiteStore(path: folder.database, readOnly: access == .reading, options: options)
      (origin, office) = try store.identity()
    } catch {
      throw TrackerRefusal.explaining(error, path: folder.database)
    }
    self.path = path
    self.environment = environment
    signer = Signer(folder: folder)
    if access == .writing {
      do { try signer.requireExtension(store) } catch {
        throw TrackerRefusal.explaining(error, path: folder.database)
      }
    }
  }

  /// Keeps the memory of a process small whose work is this tracker's: call it once, before any thread is started.
  public static func keepProcessSmall() { ProcessMemory.keepHeapSmall() }

  /// Size and root of the log.
  public func head() throws -> LogHead { try explained { try store.head() } }

  /// Signs where the log stands, unless that is signed already.
  ///
  /// - Returns: the checkpoint as a signed note (C2SP tlog-checkpoint), to be given away.
  /// - Throws: ``TrackerRefusal`` when the store is no consistent extension of the last signed checkpoint.
  @discardableResult
  public func checkpoint() throws -> String {
    defer { seen.forget() }
    return try explained { try signer.sign(store, now: now).encoded }
  }

  /// Signs where the log stands when work is done, unless the key belongs to another user, who signs later.
  public func checkpointIfPermitted() throws { if !signer.isAnothers { try checkpoint() } }

  /// The log's public key, in the form of the signed-note specification.
  public func verifierKey() throws -> String { try explained { try signer.verifier().encoded } }

  /// Checks a checkpoint that someone kept against this log.
  ///
  /// - Parameters:
  ///   - note: the checkpoint's bytes.
  ///   - name: where it came from, for findings.
  /// - Returns: what it says.
  /// - Throws: ``TrackerRefusal``: the signature is not the log's, or the log is no extension of it.
  public func verify(checkpoint note: [UInt8], name: String) throws -> Checkpoint {
    try explained {
      let checkpoint = try signer.open(note, path: name)
      try Signer.require(store, extends: checkpoint.head, path: name)
      return checkpoint
    }
  }

  func explained<T>(_ body: () throws -> T) throws -> T {
    do { return try body() } catch { throw TrackerRefusal.explaining(error, path: path + "/store.sqlite") }
  }

  var now: Int64 { environment.now() }
}
