internal import GRDB

/// The tables, their invariants as triggers, and the named migrations that make them.
///
/// Append-only tables refuse UPDATE and DELETE in the schema itself; projections (`item`, `loss_counter`,
/// `log_state`) may change and are compared with the log by the audit.
enum Schema {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 custody") { try $0.execute(sql: custody) }
    migrator.registerMigration("2 map") { try $0.execute(sql: map) }
    migrator.registerMigration("3 erasure") { try $0.execute(sql: erasure) }
    migrator.registerMigration("4 strays") { try $0.execute(sql: strays) }
    return migrator
  }

  private static let custody =
    """
    -- Who keeps this store: one row.
    CREATE TABLE store(
      id INTEGER PRIMARY KEY CHECK(id = 0),
      origin TEXT NOT NULL,
      office TEXT NOT NULL,
      created_at INTEGER NOT NULL
    ) STRICT;

    -- Every code and word that rows share. The fingerprint locates an altered text.
    CREATE TABLE term(
      id INTEGER PRIMARY KEY,
      text TEXT NOT NULL UNIQUE,
      fingerprint BLOB NOT NULL CHECK(length(fingerprint) = 8)
    ) STRICT;

    -- Master data; the newest row of a code holds. `event` is the officesRecorded event that states it.
    CREATE TABLE office(
      id INTEGER PRIMARY KEY,
      code TEXT NOT NULL,
      name TEXT NOT NULL,
      kind TEXT NOT NULL,
      province TEXT NOT NULL,
      parent TEXT NOT NULL,
      event INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX office_code ON office(code, id);

    -- The log. The leaf is a pure function of the row (EventLeaf); id is NULL for events of a manifest, whose
    -- identifier is "<manifest number>+<offset>". subject: an S10 number packed into an integer, or text.
    -- manifest: a manifest's id, or the negated term of a number that is not recorded here.
    CREATE TABLE event(
      idx INTEGER PRIMARY KEY,
      id TEXT,
      kind INTEGER NOT NULL,
      grade INTEGER NOT NULL,
      subject ANY,
      seq INTEGER NOT NULL,
      prev_event INTEGER,
      prev BLOB,
      at INTEGER NOT NULL,
      zone INTEGER NOT NULL,
      recorded_at INTEGER NOT NULL,
      office INTEGER NOT NULL,
      operator INTEGER,
      destination INTEGER,
      manifest INTEGER,
      reason INTEGER,
      content BLOB,
      more TEXT
    ) STRICT;
    CREATE UNIQUE INDEX event_id ON event(id) WHERE id IS NOT NULL;

    CREATE TABLE manifest(
      id INTEGER PRIMARY KEY,
      number TEXT NOT NULL UNIQUE,
      leg INTEGER NOT NULL,
      giver INTEGER NOT NULL,
      receiver INTEGER NOT NULL,
      dispatched_at INTEGER NOT NULL,
      dispatched_zone INTEGER NOT NULL,
      items INTEGER NOT NULL,
      dossiers INTEGER NOT NULL,
      weight INTEGER NOT NULL,
      sha256 BLOB NOT NULL CHECK(length(sha256) = 32),
      bytes INTEGER NOT NULL,
      first_event INTEGER NOT NULL,
      recorded_event INTEGER NOT NULL,
      closed_event INTEGER
    ) STRICT;

    CREATE TABLE container(
      manifest INTEGER NOT NULL,
      ordinal INTEGER NOT NULL,
      number TEXT NOT NULL,
      seal TEXT,
      PRIMARY KEY(manifest, ordinal)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX container_seal ON container(seal) WHERE seal IS NOT NULL;

    -- What an event commits to: the facts of an item as its manifest entrusts it, and the vault's secrets.
    CREATE TABLE content(
      event INTEGER PRIMARY KEY,
      container INTEGER,
      weight INTEGER,
      condition INTEGER,
      fee INTEGER,
      first_dossier INTEGER,
      dossiers INTEGER,
      secrets BLOB NOT NULL
    ) STRICT;

    CREATE TABLE dossier(
      id INTEGER PRIMARY KEY,
      event INTEGER NOT NULL,
      manifest INTEGER NOT NULL,
      code ANY,
      procedure INTEGER,
      field INTEGER,
      agency INTEGER,
      received INTEGER,
      due INTEGER,
      result INTEGER,
      documents BLOB
    ) STRICT;
    CREATE UNIQUE INDEX dossier_code ON dossier(code, manifest);

    -- The manifest's bytes as they were given, compressed with zstd in parts.
    CREATE TABLE document_part(
      manifest INTEGER NOT NULL,
      part INTEGER NOT NULL,
      bytes BLOB NOT NULL,
      PRIMARY KEY(manifest, part)
    ) STRICT;

    -- Projection: where each item stands. flags: 1 missing, 2 surplus, 4 disputed, 8 misrouted, 16 found,
    -- 32 more than one consignment.
    CREATE TABLE item(
      id INTEGER PRIMARY KEY,
      number ANY NOT NULL UNIQUE,
      same_as INTEGER,
      head_event INTEGER NOT NULL,
      head_seq INTEGER NOT NULL,
      head_hash BLOB NOT NULL,
      state INTEGER NOT NULL,
      custodian INTEGER NOT NULL,
      offered_to INTEGER NOT NULL,
      outcome INTEGER NOT NULL,
      flags INTEGER NOT NULL,
      damage INTEGER NOT NULL,
      attempts INTEGER NOT NULL,
      entrusted_day INTEGER,
      entrusted_by INTEGER NOT NULL,
      first_receiver INTEGER NOT NULL,
      leg INTEGER NOT NULL,
      manifest INTEGER NOT NULL,
      last_at INTEGER NOT NULL,
      first_dossier INTEGER NOT NULL,
      dossiers INTEGER NOT NULL,
      findings INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX item_findings ON item(id) WHERE findings > 0;
    CREATE INDEX item_awaiting ON item(manifest) WHERE manifest < 0;

    CREATE TABLE relabelling(
      event INTEGER PRIMARY KEY,
      old_item INTEGER NOT NULL,
      new_item INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX relabelling_old ON relabelling(old_item);
    CREATE INDEX relabelling_new ON relabelling(new_item);

    -- Projection: outcomes by cohort, kept in the transaction of the events. unit: 1 dossier, 2 item.
    -- month: yyyymm of the entrusting. field, agency: 0 none, -1 several in one item.
    CREATE TABLE loss_counter(
      unit INTEGER NOT NULL,
      month INTEGER NOT NULL,
      giver INTEGER NOT NULL,
      receiver INTEGER NOT NULL,
      leg INTEGER NOT NULL,
      field INTEGER NOT NULL,
      agency INTEGER NOT NULL,
      entrusted INTEGER NOT NULL,
      delivered INTEGER NOT NULL,
      returned INTEGER NOT NULL,
      lost INTEGER NOT NULL,
      destroyed INTEGER NOT NULL,
      missing INTEGER NOT NULL,
      found INTEGER NOT NULL,
      damaged INTEGER NOT NULL,
      PRIMARY KEY(unit, month, giver, receiver, leg, field, agency)
    ) STRICT, WITHOUT ROWID;

    -- Roots of complete subtrees of 256^level leaves.
    CREATE TABLE subtree(
      level INTEGER NOT NULL,
      number INTEGER NOT NULL,
      hash BLOB NOT NULL CHECK(length(hash) = 32),
      PRIMARY KEY(level, number)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE log_state(
      id INTEGER PRIMARY KEY CHECK(id = 0),
      size INTEGER NOT NULL,
      frontier BLOB NOT NULL,
      recorded_at INTEGER NOT NULL
    ) STRICT;
    INSERT INTO log_state VALUES(0, 0, x'', 0);

    """ + appendOnlyTriggers

  /// Tables whose rows are never changed or removed.
  static let appendOnlyTables = [
    "store", "term", "office", "event", "container", "content", "dossier", "document_part", "relabelling",
    "subtree",
  ]

  private static var appendOnlyTriggers: String {
    var sql = ""
    for table in appendOnlyTables {
      for change in ["UPDATE", "DELETE"] {
        sql += """
          CREATE TRIGGER \(table)_no_\(change.lowercased()) BEFORE \(change) ON \(table)
          BEGIN SELECT RAISE(ABORT, '\(table) is append-only'); END;

          """
      }
    }
    return sql + """
      CREATE TRIGGER manifest_no_delete BEFORE DELETE ON manifest
      BEGIN SELECT RAISE(ABORT, 'manifest is append-only'); END;
      CREATE TRIGGER manifest_closed_once BEFORE UPDATE ON manifest
      WHEN OLD.closed_event IS NOT NULL OR NEW.closed_event IS NULL OR NEW.id <> OLD.id
        OR NEW.number <> OLD.number OR NEW.sha256 <> OLD.sha256 OR NEW.items <> OLD.items
        OR NEW.dossiers <> OLD.dossiers OR NEW.giver <> OLD.giver OR NEW.receiver <> OLD.receiver
        OR NEW.first_event <> OLD.first_event OR NEW.recorded_event <> OLD.recorded_event
      BEGIN SELECT RAISE(ABORT, 'a manifest is closed once'); END;
      CREATE TRIGGER item_no_delete BEFORE DELETE ON item
      BEGIN SELECT RAISE(ABORT, 'items are never deleted'); END;
      CREATE TRIGGER log_grows BEFORE UPDATE ON log_state WHEN NEW.size < OLD.size
      BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
      CREATE TRIGGER log_state_stays BEFORE DELETE ON log_state
      BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
      """
  }

  private static let map =
    """
    -- The map of all items as the log recorded it last (StoredItemMap): for the SHA-256 of each item number how many events
    -- the item has and the leaf hash of the newest. Projections: they follow from the log.
    CREATE TABLE map_entry(
      key BLOB PRIMARY KEY CHECK(length(key) = 32),
      item INTEGER NOT NULL,
      count INTEGER NOT NULL CHECK(count > 0),
      head BLOB NOT NULL CHECK(length(head) = 32)
    ) STRICT, WITHOUT ROWID;

    -- Hashes over all entries whose keys begin with a prefix of `depth` bits.
    CREATE TABLE map_node(
      depth INTEGER NOT NULL,
      prefix INTEGER NOT NULL,
      entries INTEGER NOT NULL,
      hash BLOB NOT NULL CHECK(length(hash) = 32),
      PRIMARY KEY(depth, prefix)
    ) STRICT, WITHOUT ROWID;

    -- Where the map stands: after the first `size` events, as the mapRecorded event `event` states.
    CREATE TABLE map_state(
      id INTEGER PRIMARY KEY CHECK(id = 0),
      size INTEGER NOT NULL,
      event INTEGER NOT NULL,
      entries INTEGER NOT NULL,
      root BLOB NOT NULL CHECK(length(root) = 32)
    ) STRICT;
    CREATE TRIGGER map_entry_no_delete BEFORE DELETE ON map_entry
    BEGIN SELECT RAISE(ABORT, 'the map only grows'); END;
    CREATE TRIGGER map_node_no_delete BEFORE DELETE ON map_node
    BEGIN SELECT RAISE(ABORT, 'the map only grows'); END;
    CREATE TRIGGER map_state_grows BEFORE UPDATE ON map_state WHEN NEW.size <= OLD.size
    BEGIN SELECT RAISE(ABORT, 'the map only grows'); END;
    """

  private static let strays =
    """
    -- What came with a manifest and is not on it: asked for at every hand-over, and rare among the events.
    CREATE INDEX event_surplus ON event(manifest, idx) WHERE kind = 10;
    """
}
