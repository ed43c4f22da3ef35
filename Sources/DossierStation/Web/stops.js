// The hard stop: what must not go on is said until somebody has dealt with it, and what is scanned meanwhile is set apart
// in sight, without being recorded. It is scanned again afterwards; nothing is guessed.

import { addRecent, codeText, element, find, showVerdict } from "./feedback.js";

/** Reasons that end when somebody says so; the others end by themselves. */
const ENDED_BY_PEOPLE = ["clock", "manifest"];

export class Stops {
  #reasons = new Map();
  #held = [];
  #sounds;
  #text;

  constructor(sounds, text) {
    this.#sounds = sounds;
    this.#text = text;
  }

  get any() { return this.#reasons.size > 0; }

  has(reason) { return this.#reasons.has(reason); }

  /**
   * @param {string} reason one word; the same reason again changes nothing
   * @param {string} key name of the text that explains it
   */
  begin(reason, key, values = {}, at = performance.now()) {
    if (this.has(reason)) return;
    this.#reasons.set(reason, { state: "stop", word: this.#text("stop"), code: values.code,
      detail: this.#text(key, values), rest: this.#text("stopHow"), isSilent: reason === "tab" });
    this.show();
    performance.measure("verdict", { start: at, end: performance.now(), detail: "stop" });
    if (values.code) addRecent(Date.now(), "stop", values.code, this.#text("stop"));
  }

  end(reason) {
    this.#reasons.delete(reason);
    this.show();
  }

  /**
   * Somebody has dealt with the first reason, or has at least heard it. Says whether there was anything to hear.
   *
   * @param {() => Promise} tryDisk asks the disk again: only its answer ends that stop
   */
  async acknowledge(tryDisk) {
    const [reason] = this.#reasons.keys();
    // A closed manifest stays closed: once that was heard, there may be cards to deal with.
    if (!reason || (reason === "closed" && this.#reasons.get(reason).isSilent)) return false;
    if (reason === "disk") await tryDisk().then(() => this.#reasons.delete(reason), () => {});
    else if (ENDED_BY_PEOPLE.includes(reason)) this.#reasons.delete(reason);
    else this.#reasons.get(reason).isSilent = true;
    this.show();
    return true;
  }

  show() {
    const [verdict] = this.#reasons.values();
    if (verdict) {
      showVerdict(verdict);
      if (verdict.isSilent) this.#sounds.quiet(); else this.#sounds.repeat("stop");
      return;
    }
    this.#sounds.quiet();
    if (find("verdict").dataset.state === "stop") showVerdict({ state: "idle", word: this.#text("ready") });
  }

  /** Sets a code apart. */
  hold(code) {
    if (!this.#held.includes(code)) this.#held.push(code);
    // Something else may have been said meanwhile.
    this.show();
    this.#sounds.play("attention");
    this.#showHeld();
  }

  /** It was scanned again, and recorded. */
  release(code) {
    this.#held = this.#held.filter((one) => one !== code);
    this.#showHeld();
  }

  /** Forgets what was set apart; says whether there was anything. */
  releaseAll() {
    const some = this.#held.length > 0;
    this.#held = [];
    this.#showHeld();
    return some;
  }

  #showHeld() {
    find("held-part").hidden = this.#held.length === 0;
    find("held-count").textContent = String(this.#held.length);
    find("held").replaceChildren(...this.#held.map((code) => element("li", "", codeText(code))));
  }
}
