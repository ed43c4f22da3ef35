// What is chosen by digits below the buttons: how an item is damaged and why, and which item a torn label meant. Nothing
// here stands in the way of the next scan.

import { codeText, element, find, showPanel } from "./feedback.js";

export class Choices {
  /** "grade", "cause", "note" or "pick" while something is to be chosen. */
  step = null;
  #code = "";
  #grade = "";
  #cause = "";
  #items = [];
  #settings;
  #text;
  #field;
  #done;

  /**
   * @param {object} settings `grades` and `causes`, each `{digit, word, label}`
   * @param {{damaged(code: string, damage: object, labels: string): any, picked(item: object): any}} done
   */
  constructor(settings, text, field, done) {
    this.#settings = settings;
    this.#text = text;
    this.#field = field;
    this.#done = done;
  }

  /** Begins to take down the damage of an item. */
  damage(code) {
    this.step = "grade";
    this.#code = code;
    this.#show();
  }

  /** Offers items for a label of which only the end can be read; says whether there are any. */
  pick(items) {
    this.#items = items.slice(0, 9);
    if (this.#items.length === 0) return false;
    this.step = "pick";
    find("pick-list").replaceChildren(...this.#items.map((item, place) => {
      const button = element("button", "quiet", `${place + 1} `, codeText(item.item),
        item.event ? ` · ${this.#text("already")}` : "");
      button.type = "button";
      button.addEventListener("click", () => { this.choose(String(place + 1)); this.#field.focus(); });
      return element("li", "", button);
    }));
    showPanel("pick");
    return true;
  }

  /** A digit alone; says whether it was a choice. */
  choose(digit) {
    if (this.step === "pick") {
      const item = this.#items[Number(digit) - 1];
      if (item) {
        this.cancel();
        this.#done.picked(item);
      }
      return true;
    }
    if (this.step !== "grade" && this.step !== "cause") return false;
    const choice = this.#settings[`${this.step}s`].find((one) => one.digit === digit);
    if (choice) this.word(this.step, choice.word);
    return true;
  }

  /** A grade or cause by its word, as command codes say it; says whether it is its turn. */
  word(step, word) {
    if (this.step !== step) return false;
    if (step === "grade") this.#grade = word; else this.#cause = word;
    this.step = step === "grade" ? "cause" : "note";
    this.#show();
    return true;
  }

  /** Everything needed is known: the note may stay empty. */
  async finish() {
    if (this.step !== "note") return;
    const note = find("note").value.trim();
    const [code, grade, cause] = [this.#code, this.#grade, this.#cause];
    const label = (list, word) => list.find((one) => one.word === word)?.label ?? word;
    this.cancel();
    await this.#done.damaged(code, { grade, cause, ...(note ? { note } : {}) },
      `${label(this.#settings.grades, grade)}, ${label(this.#settings.causes, cause)}`);
  }

  cancel() {
    this.step = null;
    showPanel(null);
    this.#field.focus();
  }

  #show() {
    showPanel("damage");
    find("damage-code").textContent = this.#code;
    for (const part of document.querySelectorAll("[data-step]")) part.hidden = part.dataset.step !== this.step;
    if (this.step !== "note") return this.#field.focus();
    find("note").value = "";
    find("note").focus();
  }
}
