extension Schema {
  /// Lets exactly what was ordered be erased, while it is being carried out, and nothing else ever.
  static let erasure =
    """
    -- What was ordered to be erased, and what was: one row for each erasureOrdered event. `request` is the first event
    -- of the same order; `event` or `manifest` says whose fields or original go; `carried_out` is the event that says
    -- it is done.
    CREATE TABLE erasure(
      ordered INTEGER PRIMARY KEY,
      request INTEGER NOT NULL CHECK(request <= ordered),
      event INTEGER,
      manifest INTEGER,
      carried_out INTEGER CHECK(carried_out > ordered),
      CHECK((event IS NULL) <> (manifest IS NULL))
    ) STRICT;
    CREATE INDEX erasure_event ON erasure(event) WHERE event IS NOT NULL;
    CREATE INDEX erasure_manifest ON erasure(manifest) WHERE manifest IS NOT NULL;
    CREATE UNIQUE INDEX erasure_carried_out ON erasure(carried_out) WHERE carried_out IS NOT NULL;
    CREATE TRIGGER erasure_no_delete BEFORE DELETE ON erasure
    BEGIN SELECT RAISE(ABORT, 'erasure is append-only'); END;
    CREATE TRIGGER erasure_carried_out_once BEFORE UPDATE ON erasure
    WHEN OLD.carried_out IS NOT NULL OR NEW.carried_out IS NULL OR NEW.ordered <> OLD.ordered
      OR NEW.request <> OLD.request OR NEW.event IS NOT OLD.event OR NEW.manifest IS NOT OLD.manifest
    BEGIN SELECT RAISE(ABORT, 'an order is carried out once'); END;

    -- The permission to erase: filled and emptied in the transaction that erases, empty whenever that is over.
    CREATE TABLE erasing(
      ordered INTEGER PRIMARY KEY,
      event INTEGER,
      manifest INTEGER
    ) STRICT;
    CREATE TRIGGER erasing_by_order BEFORE INSERT ON erasing
    WHEN NOT EXISTS(
      SELECT 1 FROM erasure
      WHERE ordered = NEW.ordered AND event IS NEW.event AND manifest IS NEW.manifest)
    BEGIN SELECT RAISE(ABORT, 'nobody ordered that'); END;

    -- One row while the file may still hold remnants of what was erased up to an event.
    CREATE TABLE scrub(
      id INTEGER PRIMARY KEY CHECK(id = 0),
      event INTEGER NOT NULL
    ) STRICT;

    -- Rows of one dossier in several consignments of an item, of which one lost its code: reports still count it once.
    CREATE TABLE dossier_twin(
      id INTEGER PRIMARY KEY,
      same_as INTEGER NOT NULL CHECK(same_as <= id)
    ) STRICT;
    CREATE INDEX dossier_twin_set ON dossier_twin(same_as);
    CREATE TRIGGER dossier_twin_no_update BEFORE UPDATE ON dossier_twin
    BEGIN SELECT RAISE(ABORT, 'dossier_twin is append-only'); END;
    CREATE TRIGGER dossier_twin_no_delete BEFORE DELETE ON dossier_twin
    BEGIN SELECT RAISE(ABORT, 'dossier_twin is append-only'); END;

    DROP TRIGGER content_no_update;
    CREATE TRIGGER content_no_update BEFORE UPDATE ON content
    WHEN NEW.event <> OLD.event OR NEW.container IS NOT OLD.container OR NEW.weight IS NOT OLD.weight
      OR NEW.condition IS NOT OLD.condition OR NEW.fee IS NOT OLD.fee
      OR NEW.first_dossier IS NOT OLD.first_dossier OR NEW.dossiers IS NOT OLD.dossiers
      OR NOT EXISTS(SELECT 1 FROM erasing WHERE event = OLD.event)
    BEGIN SELECT RAISE(ABORT, 'content is append-only'); END;
    DROP TRIGGER dossier_no_update;
    CREATE TRIGGER dossier_no_update BEFORE UPDATE ON dossier
    WHEN NEW.code IS NOT NULL OR NEW.id <> OLD.id OR NEW.event <> OLD.event OR NEW.manifest <> OLD.manifest
      OR NEW.procedure IS NOT OLD.procedure OR NEW.field IS NOT OLD.field OR NEW.agency IS NOT OLD.agency
      OR NEW.received IS NOT OLD.received OR NEW.due IS NOT OLD.due OR NEW.result IS NOT OLD.result
      OR NEW.documents IS NOT OLD.documents
      OR NOT EXISTS(SELECT 1 FROM erasing WHERE event = OLD.event)
    BEGIN SELECT RAISE(ABORT, 'dossier is append-only'); END;
    DROP TRIGGER document_part_no_delete;
    CREATE TRIGGER document_part_no_delete BEFORE DELETE ON document_part
    WHEN NOT EXISTS(SELECT 1 FROM erasing WHERE manifest = OLD.manifest)
    BEGIN SELECT RAISE(ABORT, 'document_part is append-only'); END;
    """
}

/// What tells the dossiers of one item apart, also where a code was erased.
enum DossierTwins {
  /// - Parameter row: the name that the statement gives to the `dossier` table.
  /// - Returns: an SQL expression: the code, or a negative number where it, or that of the same dossier in another
  ///   consignment, was erased.
  static func key(_ connection: Connection, _ row: String) throws -> String {
    let own = "COALESCE(\(row).code, -\(row).id)"
    // A store of an earlier version that is only read has no such table, and nothing erased.
    let select = try connection.prepared("SELECT 1 FROM sqlite_master WHERE name = 'dossier_twin'")
    defer { select.reset() }
    guard try select.step() else { return own }
    return "COALESCE((SELECT -t.same_as FROM dossier_twin t WHERE t.id = \(row).id), \(row).code, -\(row).id)"
  }
}
