// Closing a manifest: it is asked twice, because one printed code may be read for another, and goes on at the server and on
// paper. What the server does not have cannot be signed.

const WITHIN = 10_000;

export class Closing {
  #until = 0;
  #page;

  /** @param {object} page the scan page: its queue, stops, bag and texts */
  constructor(page) { this.#page = page; }

  /** Whether it was asked for just now. */
  get isAsked() { return performance.now() < this.#until; }

  cancel() { this.#until = 0; }

  /** Asks, or goes to where two people sign when it was asked already. */
  close(at) {
    const page = this.#page;
    const reason = this.#reason();
    if (reason) return page.verdict(at, { state: "attention", word: page.text("notClosed"), detail: reason });
    if (this.isAsked) return location.assign(page.settings.sign);
    this.#until = performance.now() + WITHIN;
    return page.verdict(at, { state: "attention", word: page.text("closeAsking"), detail: page.text("closeHow"),
      rest: page.text("stillShort", { n: page.bag.count.short }) });
  }

  /** Why it cannot be closed now. */
  #reason() {
    const { queue, stops } = this.#page;
    const text = (key, values) => this.#page.text(key, values);
    if (stops.any) return text("closeStopped");
    if (queue.waiting.length > 0) return text("closeWaiting", { n: queue.waiting.length });
    if (queue.refused.length > 0) return text("closeRefused", { n: queue.refused.length });
    return !queue.isOnline || queue.locked ? text("closeOffline") : null;
  }
}
