// How keys reach the page. A barcode reader is a keyboard that types fast and ends with Enter or Tab: whatever has the
// focus, its characters go to the one field, and its Enter presses nothing.

/** Characters of a reader follow each other faster than anybody types. */
const GAP = 35;
/** Fewer characters are not taken for a barcode. */
const SHORTEST = 6;
/** A single digit is a choice when nothing follows it for this long. */
const CHOICE_WAIT = 90;

const isTextField = (target) =>
  target instanceof HTMLTextAreaElement ||
  (target instanceof HTMLInputElement && /^(text|search|tel|password|number|email|url)$/.test(target.type));

/**
 * Listens to all keys of the page.
 *
 * @param {HTMLInputElement} field the one field
 * @param {{scan(text: string, moment: number, isTyped: boolean): void, key(name: string): boolean,
 *   choice(digit: string): boolean, entered(field: HTMLElement): void}} handlers `key` and `choice` say whether they
 *   took it; `scan` gets the moment at which the ending key came
 */
export function listen(field, handlers) {
  let burst = null;
  let pending = null;
  let typing = { first: 0, last: 0, count: 0 };
  let choosing = 0;

  const end = (moment) => {
    clearTimeout(choosing);
    const text = field.value;
    // Keys that an input method kept to itself tell nothing of who typed them.
    const pace = typing.count > 1 ? (typing.last - typing.first) / (typing.count - 1) : 0;
    field.value = "";
    typing = { first: 0, last: 0, count: 0 };
    if (text.trim() !== "") handlers.scan(text, moment, pace > 2 * GAP);
  };

  /** In another text field: remembers what it held before a run of fast characters. */
  const watch = (event, target) => {
    const isFast = burst && burst.target === target && event.timeStamp - burst.last < GAP;
    if (event.key.length === 1) {
      if (isFast) {
        burst.last = event.timeStamp;
        burst.keys += event.key;
      } else {
        burst = { target, last: event.timeStamp, keys: event.key, value: target.value,
          start: target.selectionStart, end: target.selectionEnd };
      }
      return;
    }
    if (event.key === "Shift") return;
    if (event.key !== "Enter" && event.key !== "Tab") { burst = null; return; }
    if (isFast && burst.keys.length >= SHORTEST) {
      event.preventDefault();
      event.stopPropagation();
      const { keys, value, start, end: stop } = burst;
      target.value = value;
      target.setSelectionRange(start, stop);
      handlers.scan(keys, event.timeStamp, false);
    } else if (event.key === "Enter") {
      event.preventDefault();
      handlers.entered(target);
    }
    burst = null;
  };

  window.addEventListener("keydown", (event) => {
    const isEnding = event.key === "Enter" || event.key === "Tab";
    if (/^F[0-9]+$/.test(event.key) || event.key === "Escape") {
      if (!event.ctrlKey && !event.altKey && !event.metaKey &&
          handlers.key(event.shiftKey ? `Shift+${event.key}` : event.key)) event.preventDefault();
      return;
    }
    if ((event.ctrlKey || event.altKey || event.metaKey) && !event.getModifierState("AltGraph")) return;
    const target = document.activeElement;
    if (target === field) {
      if (event.isComposing) {
        // The input method still holds the last letters: it hands them over first.
        if (isEnding) pending = event.timeStamp;
        return;
      }
      if (event.key === "Enter" || (isEnding && field.value !== "" && !event.shiftKey)) {
        event.preventDefault();
        end(event.timeStamp);
      } else if (event.key.length === 1) {
        count(event);
      }
      return;
    }
    if (isTextField(target)) return watch(event, target);
    if (event.key.length === 1 && event.key !== " ") {
      field.focus();
      count(event);
    } else if ((event.key === "Enter" || event.key === " ") && target instanceof HTMLButtonElement) {
      // Buttons have keys of their own: the ending of a scan must never press one.
      event.preventDefault();
    }
  }, { capture: true });

  const count = (event) => {
    if (field.value === "") typing = { first: event.timeStamp, last: event.timeStamp, count: 0 };
    typing.last = event.timeStamp;
    typing.count += 1;
  };

  field.addEventListener("compositionend", () => {
    if (pending === null) return;
    const moment = pending;
    pending = null;
    setTimeout(() => end(moment));
  });

  field.addEventListener("input", () => {
    clearTimeout(choosing);
    if (!/^[0-9]$/.test(field.value)) return;
    choosing = setTimeout(() => {
      if (/^[0-9]$/.test(field.value) && handlers.choice(field.value)) field.value = "";
    }, CHOICE_WAIT);
  });
  field.form?.addEventListener("submit", (event) => event.preventDefault());
}
