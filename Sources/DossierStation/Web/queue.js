// The outbox: what was scanned and not yet acknowledged by the server. Nothing else writes it. A scan is on the disk
// before anybody is told that it counts, and leaves only when the server said what became of it.

const DATABASE = "dossier";
const BATCH = 50;
const FIRST_DELAY = 200;
const LONGEST_DELAY = 30_000;
const REQUEST_LIMIT = 20_000;
const BEAT = 2_000;
/** Refusals of a whole request that are about what is in it; every other failure passes and is tried again for ever. */
const FAULTS_OF_CONTENT = [400, 409, 413, 422];
/** Nobody is signed in, the session is locked, or whoever is signed in may not scan. */
const NEEDS_SOMEBODY = [401, 403, 423];

/** The result of a request to IndexedDB. */
const result = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

/**
 * Events: "change" (numbers or state), "reply" (detail: {scan, result}), "answer" (the server was reached), "owner" (this
 * tab holds the outbox now).
 */
export class Queue extends EventTarget {
  /** Not yet acknowledged, oldest first. */
  waiting = [];
  /** Refused by the server, each with its `problem`, until somebody has acknowledged them. */
  refused = [];
  /** Whether the server answered the last time; nobody knows before the first. */
  isOnline = false;
  /** Status and code of the answer that says that nobody is signed in, or may not scan. */
  locked = null;
  /** Milliseconds by which the server's clock is before this machine's. */
  skew = 0;
  /** Size and root of the log as last told. */
  seen = null;
  isOwner = false;
  /** Name of this device in identifiers; survives restarts. */
  station = "";

  #database;
  /** How many of a refused batch are still to go one by one. */
  #single = 0;
  #delay = FIRST_DELAY;
  #notBefore = 0;
  #isRunning = false;
  /** Whether somebody has scanned since the last attempt: only then is a request a person's. */
  #isPersons = false;
  #wake = () => {};
  #serial = 0;
  #tab;

  /** @param {string} endpoint where scans are sent */
  constructor(endpoint) {
    super();
    this.endpoint = endpoint;
    this.#tab = token(8);
    this.#serial = crypto.getRandomValues(new Uint32Array(1))[0];
  }

  /** Opens the outbox and waits for nothing but the disk. Rejects where nothing can be kept. */
  async open() {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore("outbox", { keyPath: "seq", autoIncrement: true });
      opening.result.createObjectStore("kept");
    };
    this.#database = await result(opening);
    this.#database.onversionchange = () => this.#database.close();
    this.station = (await this.kept("station")) ?? `T${token(6)}`;
    await this.keep("station", this.station);
    this.seen = (await this.kept("seen")) ?? null;
    if (window.isSecureContext) navigator.storage?.persist?.().catch(() => {});
    await this.#read();
    this.#claim();
    for (const event of ["online", "focus"]) window.addEventListener(event, () => this.poke());
    window.addEventListener("offline", () => this.unheard());
    setInterval(() => this.poke(), LONGEST_DELAY);
  }

  /** Reads again what is kept, which another tab may have changed. */
  look() { return this.#read().catch(() => {}); }

  /** A new identifier; no other device, tab or moment makes the same. */
  identifier() {
    this.#serial = (this.#serial + 1) % 0x1_0000_0000;
    return `${this.station}-${Date.now().toString(36)}-${this.#serial.toString(36)}`;
  }

  /** Puts a scan on the disk. Rejects when that failed: then it must not be shown as counted. */
  async add(scan) {
    if (!this.isOwner) throw new Error("another tab holds the outbox");
    const record = { ...scan, state: "waiting" };
    await this.#transact("readwrite", ["outbox"], async (stores) => {
      record.seq = await result(stores.outbox.add(record));
    }, "strict");
    this.#tell(() => this.waiting.push(record));
    this.#isPersons = true;
    this.#run();
  }

  /** Somebody has read why this one was refused. */
  async acknowledge(id) {
    const record = this.refused.find((one) => one.id === id);
    if (!record) return;
    await this.#transact("readwrite", ["outbox"], (stores) => result(stores.outbox.delete(record.seq)));
    this.#tell(() => { this.refused = this.refused.filter((one) => one !== record); });
  }

  /** What was kept under a name, beside the scans. */
  kept(name) {
    return this.#transact("readonly", ["kept"], (stores) => result(stores.kept.get(name)));
  }

  keep(name, value) {
    return this.#transact("readwrite", ["kept"], (stores) => result(stores.kept.put(value, name)));
  }

  /** Tries at once what waits, except before a moment that the server asked for. */
  poke() {
    this.#delay = FIRST_DELAY;
    this.#wake();
    this.#run();
  }

  /** Takes clock and log from an answer of the server. */
  hear(body, asked, answered) {
    const told = Date.parse(body.time ?? "");
    this.#delay = FIRST_DELAY;
    this.#tell(() => {
      if (Number.isFinite(told)) this.skew = told - (asked + answered) / 2;
      if (body.log) this.seen = { size: body.log.size, root: body.log.root };
      this.locked = null;
      this.isOnline = true;
    });
    this.dispatchEvent(new Event("answer"));
  }

  /** Takes from a request of somebody else that the server is out of reach. */
  unheard() { this.#tell(() => { this.isOnline = false; }); }

  /** Takes from an answer that somebody has to sign in or unlock, if its status says so. */
  lock(status, code = "") {
    if (NEEDS_SOMEBODY.includes(status)) this.#tell(() => { this.locked = { status, code }; });
    return NEEDS_SOMEBODY.includes(status);
  }

  // Sending

  async #run() {
    if (this.#isRunning || !this.isOwner) return;
    this.#isRunning = true;
    try {
      while (this.waiting.length > 0 && this.isOwner) {
        if (await this.#attempt()) continue;
        await this.#pause(this.#delay);
        this.#delay = Math.min(this.#delay * 2, LONGEST_DELAY);
      }
    } finally {
      this.#isRunning = false;
    }
  }

  async #pause(delay) {
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, delay);
      this.#wake = () => { clearTimeout(timer); resolve(); };
    });
    this.#wake = () => {};
    const rest = this.#notBefore - performance.now();
    if (rest > 0) await new Promise((resolve) => { setTimeout(resolve, rest); });
  }

  /** What goes next: an undoing goes alone, when everything before it has been acknowledged. */
  #batch() {
    if (this.waiting[0].type === "void") return [this.waiting[0]];
    const size = this.#single > 0 ? 1 : BATCH;
    const undoing = this.waiting.findIndex((scan) => scan.type === "void");
    return this.waiting.slice(0, Math.min(undoing < 0 ? size : undoing, size));
  }

  /** Whether something was settled. Without an Idempotency-Key: every scan has its own, and batches may differ. */
  async #attempt() {
    const batch = this.#batch();
    const asked = Date.now();
    const isPersons = this.#isPersons;
    this.#isPersons = false;
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), REQUEST_LIMIT);
    try {
      const response = await fetch(this.endpoint, {
        method: "POST", signal: limit.signal, credentials: "same-origin", redirect: "error",
        headers: {
          "Content-Type": "application/json", Accept: "application/json",
          // Trying again is nobody's work: it keeps no session open.
          ...(isPersons ? {} : { "Dossier-Background": "1" }),
        },
        body: JSON.stringify({ station: this.station, scans: batch.map(sent) }),
      });
      if (!response.ok) return await this.#refuse(response, batch);
      const clerk = response.headers.get("Dossier-Clerk");
      if (clerk) this.dispatchEvent(new CustomEvent("clerk", { detail: clerk }));
      const body = await response.json();
      const results = body.results ?? [];
      if (results.length !== batch.length || results.some((one, place) => one.id !== batch[place].id)) return false;
      await this.#settle(batch, results);
      this.hear(body, asked, Date.now());
      // Whatever was at fault has been found: the next ones go together again.
      this.#single = Math.max(0, this.#single - batch.length);
      return true;
    } catch {
      this.unheard();
      return false;
    } finally {
      clearTimeout(timer);
    }
  }

  async #refuse(response, batch) {
    const problem = await response.json().catch(() => ({}));
    const after = response.headers.get("Retry-After");
    const seconds = after === null ? NaN : Number(after);
    const wait = Number.isFinite(seconds) ? seconds * 1000 : after === null ? 0 : Date.parse(after) - Date.now();
    if (wait > 0) this.#notBefore = performance.now() + Math.min(wait, 10 * 60_000);
    if (this.lock(response.status, problem.code)) return false;
    if (!FAULTS_OF_CONTENT.includes(response.status)) {
      this.unheard();
      return false;
    }
    // One of them is at fault: find it by sending each alone, so that the others do not wait behind it.
    if (batch.length > 1) {
      this.#single = batch.length;
      return true;
    }
    this.#single = Math.max(0, this.#single - 1);
    await this.#settle(batch, [{ id: batch[0].id, status: "refused", verdict: "refused", problem }]);
    return true;
  }

  async #settle(batch, results) {
    await this.#transact("readwrite", ["outbox", "kept"], async (stores) => {
      for (const [place, record] of batch.entries()) {
        if (results[place].status === "refused") {
          Object.assign(record, { state: "refused", problem: results[place].problem ?? {} });
          await result(stores.outbox.put(record));
        } else {
          await result(stores.outbox.delete(record.seq));
        }
      }
      if (this.seen) await result(stores.kept.put(this.seen, "seen"));
    });
    this.#tell(() => {
      this.waiting = this.waiting.filter((record) => !batch.includes(record));
      this.refused.push(...batch.filter((record) => record.state === "refused"));
    });
    for (const [place, scan] of batch.entries()) {
      this.dispatchEvent(new CustomEvent("reply", { detail: { scan, result: results[place] } }));
    }
  }

  // One tab

  /** Becomes the only tab that holds the outbox, now or when the other one is gone. */
  #claim() {
    if (navigator.locks) {
      navigator.locks.request("dossier-outbox", async () => {
        await this.#own();
        return new Promise(() => {});
      }).catch(() => setTimeout(() => this.#claim(), BEAT));
      return;
    }
    const beat = async () => {
      const mine = await this.#transact("readwrite", ["kept"], async (stores) => {
        const held = await result(stores.kept.get("owner"));
        if (held && held.tab !== this.#tab && Math.abs(Date.now() - held.beat) < 3 * BEAT) return false;
        await result(stores.kept.put({ tab: this.#tab, beat: Date.now() }, "owner"));
        return true;
      }).catch(() => this.isOwner);
      if (mine && !this.isOwner) await this.#own();
      if (!mine && this.isOwner) this.#tell(() => { this.isOwner = false; });
    };
    beat();
    setInterval(beat, BEAT);
  }

  async #own() {
    await this.#read();
    this.#tell(() => { this.isOwner = true; });
    this.dispatchEvent(new Event("owner"));
    this.#run();
  }

  // The disk

  async #read() {
    const all = await this.#transact("readonly", ["outbox"], (stores) => result(stores.outbox.getAll()));
    this.#tell(() => {
      this.waiting = all.filter((record) => record.state === "waiting");
      this.refused = all.filter((record) => record.state === "refused");
    });
  }

  /**
   * Resolves when the change is made, not when it is asked for. Only a new scan must outlive a power cut at once: what is
   * lost of the rest is sent or asked again.
   */
  #transact(mode, names, body, durability = "relaxed") {
    return new Promise((resolve, reject) => {
      const transaction = this.#database.transaction(names, mode, { durability });
      let value;
      transaction.oncomplete = () => resolve(value);
      transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
      const stores = Object.fromEntries(names.map((name) => [name, transaction.objectStore(name)]));
      body(stores).then((made) => { value = made; }, (error) => {
        reject(error);
        try { transaction.abort(); } catch { /* it has ended by itself */ }
      });
    });
  }

  #tell(change) {
    change();
    this.dispatchEvent(new Event("change"));
  }
}

/** A scan as the server reads it, without what is the outbox's own. */
function sent({ seq, state, problem, ...scan }) {
  return scan;
}

/** Random characters that no input method and no file system minds. */
function token(length) {
  const letters = "0123456789BCGHKLMNPQTV";
  return [...crypto.getRandomValues(new Uint8Array(length))].map((byte) => letters[byte % 22]).join("");
}
