// What this counter knows of one manifest without asking: the server's session, and on top of it every scan since. A count
// from zero: an item is received when it was scanned, never because it was expected.

export class Bag {
  /** @param {object} session as `GET /v1/manifests/N/session` tells it; kept up to date here */
  constructor(session) {
    this.session = session;
    this.session.items ??= [];
    this.session.strays ??= [];
    this.byNumber = new Map();
    this.byDossier = new Map();
    for (const item of session.items) {
      for (const number of [item.item, ...(item.numbers ?? [])]) this.byNumber.set(number, item);
      for (const dossier of item.dossiers ?? []) {
        this.byDossier.set(dossier, [...(this.byDossier.get(dossier) ?? []), item]);
      }
    }
  }

  item(code) { return this.byNumber.get(code) ?? null; }

  /** How many days after its last day the manifest is at an instant; 0 in time. */
  daysLate(instant) {
    const since = instant - Date.parse(this.session.lateFrom ?? "");
    return since >= 0 ? 1 + Math.floor(since / 86_400_000) : 0;
  }

  /** The items of the manifest that carry a dossier. */
  dossier(code) { return this.byDossier.get(code) ?? []; }

  stray(code) { return this.session.strays.find((stray) => stray.item === code) ?? null; }

  /** The item or stray that was already scanned. */
  scanned(code) {
    const entry = this.item(code) ?? this.stray(code);
    return entry?.event ? entry : null;
  }

  /** Items of the manifest that nobody has scanned. */
  get missing() { return this.session.items.filter((item) => item.outcome !== "received"); }

  get count() {
    const entries = [...this.session.items, ...this.session.strays];
    const short = this.missing.length;
    return {
      expected: this.session.items.length,
      received: this.session.items.length - short,
      short,
      over: this.session.strays.length,
      damaged: entries.filter((entry) => entry.damage).length,
    };
  }

  /** Whether the server counts as this page does; strays of both kinds are "over". */
  agrees(told) {
    const mine = this.count;
    return told.expected === mine.expected && told.received === mine.received && told.short === mine.short &&
      (told.surplus ?? 0) + (told.misrouted ?? 0) === mine.over && told.damaged === mine.damaged;
  }

  /** What a scan changes. Applying the same scan again changes nothing. */
  apply(scan) {
    if (scan.type === "void") return this.undo(scan.target);
    let entry = this.item(scan.code) ?? this.stray(scan.code);
    if (scan.type === "damaged") {
      if (entry) Object.assign(entry, { damage: scan.grade, cause: scan.cause, damageEvent: scan.id });
      return;
    }
    if (entry?.event) return;
    if (!entry) {
      entry = { item: scan.code, outcome: "surplus" };
      this.session.strays.push(entry);
    } else if (this.item(scan.code)) {
      entry.outcome = "received";
    }
    Object.assign(entry, { event: scan.id, at: scan.at, by: scan.clerk });
  }

  /** Takes an event back: the item is short again, the stray is gone, or the damage is. */
  undo(event) {
    for (const entry of [...this.session.items, ...this.session.strays]) {
      if (entry.damageEvent === event) {
        for (const name of ["damage", "cause", "damageEvent"]) delete entry[name];
      }
      if (entry.event !== event) continue;
      for (const name of ["event", "at", "by"]) delete entry[name];
      if (this.session.strays.includes(entry)) {
        this.session.strays = this.session.strays.filter((stray) => stray !== entry);
      } else {
        entry.outcome = "short";
      }
    }
  }

  /** What the server made of a scan. */
  settle(scan, result) {
    if (result.status === "refused") {
      if (scan.type !== "void") this.undo(scan.id);
      return;
    }
    if (scan.type !== "received") return;
    const entry = this.item(scan.code) ?? this.stray(scan.code);
    if (!entry || entry.event !== scan.id) return;
    if (result.status === "duplicate" && result.first) {
      Object.assign(entry, { event: result.first.event ?? scan.id, at: result.first.at, by: result.first.by });
    }
    if (result.verdict === "misrouted" || result.verdict === "surplus") entry.outcome = result.verdict;
    if (result.belongsTo) {
      entry.belongsTo = result.belongsTo.manifest;
      entry.belongsToOffice = result.belongsTo.office;
      entry.belongsToName = result.belongsTo.name;
    }
  }

  /** The last thing that this clerk recorded and that stands: a damage before its item. */
  last(clerk) {
    const mine = [...this.session.items, ...this.session.strays]
      .filter((entry) => entry.event && entry.by === clerk)
      .sort((left, right) => Date.parse(left.at) - Date.parse(right.at));
    return mine.at(-1) ?? null;
  }

  /** Items whose number ends in what could still be read, with or without the letters of the country. */
  endingIn(text) {
    return this.session.items
      .filter((item) => item.item.endsWith(text) || item.item.replace(/[A-Z]{2}$/, "").endsWith(text))
      .sort((left, right) => (left.event ? 1 : 0) - (right.event ? 1 : 0));
  }
}
