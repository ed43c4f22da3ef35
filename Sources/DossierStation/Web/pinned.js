// Cards that stay until somebody says that the thing was put aside: strays, codes that name nothing, refused scans.

import { codeText, element, find } from "./feedback.js";

export class Pinned {
  cards = [];
  #queue;
  #manifest;
  #text;

  /** @param {(key: string, values?: object) => string} text gives the page's texts */
  constructor(queue, manifest, text) {
    this.#queue = queue;
    this.#manifest = manifest;
    this.#text = text;
  }

  get #name() { return `pinned:${this.#manifest}`; }

  async open() {
    this.cards = (await this.#queue.kept(this.#name)) ?? [];
    this.show();
  }

  /** @param {{scan?: string, code: string, title: string, text: string}} card */
  add(card) {
    // The same unreadable thing scanned over and over is one thing to put aside.
    if (!card.scan && this.cards.some((one) => one.code === card.code && one.text === card.text)) return;
    this.cards.unshift(card);
    this.#changed();
  }

  /** The scan of a card was undone. */
  drop(scan) {
    this.cards = this.cards.filter((card) => card.scan !== scan);
    this.#changed();
  }

  /** Completes a card by what the server knows: where a stray belongs. */
  settle(scan, result) {
    const card = this.cards.find((one) => one.scan === scan.id);
    if (!card) return;
    // Why it was refused has a card of its own.
    if (result.status === "refused") return this.drop(scan.id);
    const owner = result.belongsTo;
    card.text = owner
      ? this.#text("belongsTo", { manifest: owner.manifest, office: owner.office ?? "", name: owner.name ?? "" })
      : this.#text("overUnknown");
    card.title = this.#text(owner ? "misrouted" : "over");
    this.#changed();
  }

  /** Takes the first card away; says whether there was one. */
  async acknowledge() {
    const [refused] = this.#queue.refused;
    if (refused) {
      await this.#queue.acknowledge(refused.id);
      return true;
    }
    if (this.cards.length === 0) return false;
    this.cards.shift();
    this.#changed();
    return true;
  }

  show() {
    const refused = this.#queue.refused.map((scan) => ({
      code: scan.code, title: this.#text("refused"),
      text: [scan.problem?.title, scan.problem?.detail, scan.problem?.code].filter(Boolean).join(" · ") ||
        this.#text("refusedUnknown"),
    }));
    const all = [...refused, ...this.cards];
    find("problem-count").textContent = String(all.length);
    find("acknowledge").hidden = all.length === 0;
    find("problems").replaceChildren(...all.map((card) =>
      element("li", "", element("strong", "", `✗ ${card.title} `), codeText(card.code), element("p", "", card.text))));
  }

  #changed() {
    this.show();
    this.#queue.keep(this.#name, this.cards).catch(() => {});
  }
}
