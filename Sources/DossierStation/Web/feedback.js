// What the clerk sees and hears: one verdict, the sound of it, and lists. Texts are set as text, never as markup.

/** Shape by state: the verdict is told by word, colour, shape and sound, so that no one of them is needed. */
export const SHAPES = { accepted: "✓", attention: "!", wrong: "✗", stop: "■", idle: "" };

export const find = (id) => document.getElementById(id);

/** A new element with a class and a text or children. */
export function element(name, className, ...content) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...content.filter((part) => part !== null && part !== undefined));
  return made;
}

/** A code, which is no word of any language. */
export function codeText(code) {
  const made = element("span", "code", code);
  made.lang = "en";
  return made;
}

/** `{name}` in a text replaced by its value. */
export function fill(text, values = {}) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** Hours, minutes and seconds in Viet Nam, whatever the machine's own zone is. */
export const clock = (instant) => new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: "Asia/Ho_Chi_Minh",
}).format(instant);

/** Day, month and year in Viet Nam. */
export const day = (instant) => new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Ho_Chi_Minh" }).format(instant);

/** The time, with the day when that is not today. */
export function moment(text) {
  const instant = new Date(text);
  if (Number.isNaN(instant.getTime())) return text ?? "";
  const time = clock(instant);
  return day(instant) === day(new Date()) ? time : `${time} ${day(instant)}`;
}

/** An instant with Viet Nam's offset, for the log. */
export function stamp(instant) {
  return new Date(instant + 7 * 3_600_000).toISOString().replace("Z", "+07:00");
}

/** Sounds made by the machine itself: no file has to load, none can be missing. */
export class Sounds {
  /** @param {object} tones by state: `{hertz, milliseconds, pause, times, volume}` */
  constructor(tones) {
    this.tones = tones;
    this.repeating = null;
  }

  play(state) {
    const tone = this.tones[state];
    const Context = window.AudioContext;
    if (!tone || !Context) return;
    try {
      this.context ??= new Context();
      if (this.context.state === "suspended") this.context.resume().catch(() => {});
      let start = this.context.currentTime;
      for (let time = 0; time < tone.times; time += 1) {
        const oscillator = this.context.createOscillator();
        const gain = this.context.createGain();
        oscillator.type = "square";
        oscillator.frequency.value = tone.hertz;
        gain.gain.value = tone.volume;
        oscillator.connect(gain).connect(this.context.destination);
        oscillator.start(start);
        start += tone.milliseconds / 1000;
        oscillator.stop(start);
        start += tone.pause / 1000;
      }
    } catch {
      // A machine without sound still shows word, colour and shape.
    }
  }

  /** Plays until told to be quiet. */
  repeat(state) {
    if (this.repeating) return;
    this.play(state);
    this.repeating = setInterval(() => this.play(state), 2_000);
  }

  quiet() {
    clearInterval(this.repeating);
    this.repeating = null;
  }
}

/**
 * Shows a verdict.
 *
 * @param {{state: string, word: string, code?: string, detail?: string, rest?: string}} verdict
 */
export function showVerdict(verdict) {
  const place = find("verdict");
  place.dataset.state = verdict.state;
  const code = find("verdict-code");
  find("verdict-shape").textContent = SHAPES[verdict.state];
  find("verdict-word").textContent = verdict.word;
  code.textContent = verdict.code ?? "";
  find("verdict-detail").textContent = verdict.detail ?? "";
  find("verdict-rest").textContent = verdict.rest ?? "";
}

/** Puts what was scanned on top of the last ones. */
export function addRecent(instant, state, code, word) {
  const list = find("recent");
  const shape = element("span", `shape ${state}`, SHAPES[state]);
  list.prepend(element("li", "", element("time", "", clock(instant)), " ", shape, " ", codeText(code), " ",
    element("small", "", word)));
  while (list.children.length > 40) list.lastElementChild.remove();
}

export function showCount(count) {
  for (const [name, value] of Object.entries(count)) find(`count-${name}`).textContent = String(value);
  find("count-short").parentElement.dataset.some = String(count.short > 0);
  find("count-over").parentElement.dataset.some = String(count.over > 0);
  find("count-damaged").parentElement.dataset.some = String(count.damaged > 0);
}

/** Shows one panel below the buttons, or none; never over anything. */
export function showPanel(name) {
  for (const panel of document.querySelectorAll("[data-panel]")) panel.hidden = panel.dataset.panel !== name;
}

export function openPanel() {
  return document.querySelector("[data-panel]:not([hidden])")?.dataset.panel ?? null;
}
