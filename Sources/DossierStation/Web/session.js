// The manifest as the server last told it, with every scan since on top; kept on this machine, so that a reload without a
// server knows what was known.

import { Bag } from "./bag.js";

const FETCH_AGAIN = 3_000;
const KEEP_AFTER = 300;

export class Session {
  bag = null;
  #queue;
  #settings;
  #handlers;
  #settled = [];
  #isLoading = false;
  #keeping = 0;

  /**
   * @param {{enqueue(step: () => any): any, changed(session: object): void, missing(): void}} handlers `enqueue` runs a
   *   step between two scans; `missing` hears that neither server nor machine knows the manifest
   */
  constructor(queue, settings, handlers) {
    this.#queue = queue;
    this.#settings = settings;
    this.#handlers = handlers;
  }

  get #name() { return `session:${this.#settings.manifest}`; }

  /** Gets the manifest from the server, or from what was kept of it. */
  async load() {
    if (!this.#queue.isOwner || this.#isLoading) return;
    this.#isLoading = true;
    // What is acknowledged while the answer is under way may not be in it.
    this.#settled = [];
    const told = await this.#ask();
    await this.#handlers.enqueue(async () => {
      const session = told ?? (this.bag ? null : await this.#queue.kept(this.#name));
      if (session) {
        this.#take(session);
        this.#handlers.changed(session);
        await this.#queue.keep(this.#name, session);
      } else if (!this.bag) {
        this.#handlers.missing();
      }
    });
    this.#isLoading = false;
    if (!this.bag || !this.#queue.isOnline) setTimeout(() => this.load(), FETCH_AGAIN);
  }

  async #ask() {
    const asked = Date.now();
    try {
      const response = await fetch(this.#settings.session, {
        headers: { Accept: "application/json", "Dossier-Background": "1" },
      });
      if (response.ok) {
        const session = await response.json();
        this.#queue.hear(session, asked, Date.now());
        return session;
      }
      this.#queue.lock(response.status);
    } catch {
      this.#queue.unheard();
    }
    return null;
  }

  #take(session) {
    const bag = new Bag(session);
    for (const { scan, result } of this.#settled) {
      bag.apply(scan);
      bag.settle(scan, result);
    }
    for (const scan of this.#queue.waiting) if (scan.manifest === this.#settings.manifest) bag.apply(scan);
    this.bag = bag;
  }

  /** Takes what the server made of a scan. */
  settle(scan, result) {
    this.#settled.push({ scan, result });
    if (!this.bag) return;
    this.bag.settle(scan, result);
    this.keep();
    // Somebody else may count the same bag: ask again when nothing of ours is under way.
    const isApart = result.count && !this.bag.agrees(result.count);
    if (this.#queue.waiting.length === 0 && (isApart || result.status === "refused")) this.load();
  }

  /** Keeps what is known, soon; the outbox, not this, is what may not be lost. */
  keep() {
    clearTimeout(this.#keeping);
    this.#keeping = setTimeout(() => {
      if (this.bag) this.#queue.keep(this.#name, this.bag.session).catch(() => {});
    }, KEEP_AFTER);
  }
}
