// What a text from a barcode reader is: cleaned, told apart by kind, and repaired only where a check digit proves it.
// The server reads the raw text once more by the same rules and decides; this is for the verdict within the beep.

/** Letters and digits that no Vietnamese input method rewrites: no vowel, no D or W, no tone letter. */
const OWN = "0123456789BCGHKLMNPQTV";
/** What the calibration barcode prints, and the beginning of it that a sheet may bear alone: that cannot show VNI. */
const CALIBRATIONS = ["CAL AEOUDW EE ES RR 0123456789 A1 E6 YZ", "CAL AEOUDW EE ES RR 0123456789"];
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\ufeff]/g;
const WEIGHTS = [8, 6, 4, 2, 3, 5, 9, 7];
/** The marks of Telex's tone keys, and its doubled vowels. */
const TONES = { S: "\u0301", F: "\u0300", R: "\u0309", X: "\u0303", J: "\u0323" };
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** The text without what readers and keyboards add: control characters, the AIM prefix, blanks at the ends. */
export function clean(raw) {
  return raw.replace(CONTROL, "").replace(/^\][A-Za-z][0-9A-Za-z]/, "").trim();
}

/** The check digit of the eight digits of an S10 number. */
export function s10CheckDigit(serial) {
  const sum = WEIGHTS.reduce((total, weight, place) => total + weight * Number(serial[place]), 0);
  const digit = 11 - (sum % 11);
  return digit === 10 ? 0 : digit === 11 ? 5 : digit;
}

/** "valid", "wrong" (the check digit is another), or null when the text has not the shape of an S10 number. */
export function s10(text) {
  const found = /^[A-Z]{2}([0-9]{8})([0-9])[A-Z]{2}$/.exec(text);
  if (!found) return null;
  return s10CheckDigit(found[1]) === Number(found[2]) ? "valid" : "wrong";
}

/** Whether the last character is the check character of the others: ISO 7064, MOD 23,22. */
export function isOwnCode(text) {
  if (text.length < 4) return false;
  const size = OWN.length;
  let product = size;
  for (let place = 0; place < text.length; place += 1) {
    const value = OWN.indexOf(text[place]);
    if (value < 0) return false;
    const sum = (product + value) % size;
    if (place === text.length - 1) return sum === 1;
    product = ((sum || size) * 2) % (size + 1);
  }
  return false;
}

/** Whether a Vietnamese input method has been at work on the text. */
export function isRewritten(text) {
  return /[^\u0020-\u007e]/.test(text);
}

/** What Telex leaves of two capitals that begin a word. */
function telex(first, second) {
  const marked = (letter, mark) => (letter + mark).normalize("NFC");
  if (first === second && "AEO".includes(first)) return marked(first, "\u0302");
  if (first === "D" && second === "D") return "\u0110";
  if (second === "W" && first === "A") return marked("A", "\u0306");
  if (second === "W" && "OU".includes(first)) return marked(first, "\u031b");
  // A tone's key, or W, pressed again takes back what it did.
  if (first === second && (TONES[first] || "WZ".includes(first))) return first;
  if (second === "W" && "EIY".includes(first)) return first + "W";
  // Alone, or after a consonant, W is the vowel that it otherwise makes of U.
  if (second === "W") return first + "\u01af";
  if (first === "W") return TONES[second] ? marked("\u01af", TONES[second]) : "\u01af" + second;
  return "AEIOUY".includes(first) && TONES[second] ? marked(first, TONES[second]) : first + second;
}

/** The pairs of letters by what Telex leaves of them. */
const ORIGINS = new Map();
for (const first of LETTERS) {
  for (const second of LETTERS) {
    const left = telex(first, second);
    ORIGINS.set(left, [...(ORIGINS.get(left) ?? []), first + second]);
  }
}

/**
 * The one S10 number that Telex can have made this text of, by forward rules and check digit; null when there is none or
 * more than one. Digits that VNI ate are gone: nothing brings them back.
 */
export function repaired(text) {
  const found = /^([^0-9]+)([0-9]{9})([^0-9]+)$/.exec(text.normalize("NFC").toUpperCase().replace(/[\s-]/g, ""));
  if (!found) return null;
  const [before, after] = [ORIGINS.get(found[1]) ?? [], ORIGINS.get(found[3]) ?? []];
  const proven = before.flatMap((prefix) => after.map((country) => prefix + found[2] + country))
    .filter((number) => s10(number) === "valid");
  return proven.length === 1 ? proven[0] : null;
}

const LAYOUTS = {
  AZERTY: { A: "Q", Q: "A", Z: "W", W: "Z", M: "?", 1: "&", 2: "\u00e9", 3: "\"", 4: "'", 5: "(", 6: "-", 7: "\u00e8",
    8: "_", 9: "\u00e7", 0: "\u00e0" },
  QWERTZ: { Y: "Z", Z: "Y" },
};

/** What is wrong between reader and page, from what arrived instead of the calibration code; null when nothing is. */
export function calibrationFault(text) {
  const arrived = text.normalize("NFC");
  for (const printed of CALIBRATIONS) {
    if (arrived === printed) return null;
    if (arrived === printed.toLowerCase()) return "capsLock";
    for (const [name, keys] of Object.entries(LAYOUTS)) {
      const typed = [...printed].map((character) => keys[character] ?? character).join("");
      if (typed !== printed && arrived.toLowerCase() === typed.toLowerCase()) return name;
    }
  }
  const upper = arrived.toUpperCase();
  if (isRewritten(arrived)) {
    if (!upper.startsWith("CAL")) return "layout";
    return upper.includes(" EE ES") ? "vni" : "telex";
  }
  const printed = CALIBRATIONS[upper.split(" ").length > 6 ? 0 : 1];
  if (isPart(upper, printed)) return upper.length * 2 >= printed.length ? "lost" : "other";
  return upper.length === printed.length && !upper.startsWith("CAL ") ? "layout" : "other";
}

/** Whether a text is another one with some of its characters gone. */
function isPart(part, whole) {
  let place = 0;
  for (const character of whole) if (character === part[place]) place += 1;
  return place === part.length;
}

/** Whether a text was meant to be the calibration code, however mangled: no other code has so many words. */
export function isCalibration(text) {
  return /^C.?.?L /i.test(text) || (text.length >= 20 && text.split(" ").length >= 5);
}

/**
 * What kind of code a text is, by itself and by what the bag knows.
 *
 * @param {string} raw what the reader typed
 * @param {{item(code: string): object?, dossier(code: string): object[], isManifest(code: string): boolean,
 *   withDigits(digits: string): number}} known
 */
export function read(raw, known) {
  const text = clean(raw.normalize("NFKC"));
  const code = text.toUpperCase();
  const bare = code.replace(/[ -]/g, "");
  const rewritten = isRewritten(text);
  if (isCalibration(text)) return { kind: "calibration", code: text, fault: calibrationFault(text) };
  if (/^QL[0-9]/.test(code)) {
    if (!isOwnCode(code)) return { kind: "damagedOwn", code };
    return { kind: "command", code, screen: code[2], command: code.slice(3, -1) };
  }
  if (/^QT[0-9]+/.test(code) && isOwnCode(code)) return { kind: "station", code };
  if (/^QC/.test(code) && isOwnCode(code)) return { kind: "lookup", code };
  for (const candidate of [code, bare]) {
    if (known.item(candidate)) return { kind: "item", code: candidate };
  }
  if (s10(bare) === "valid") return { kind: "item", code: bare };
  if (s10(bare) === "wrong") return { kind: "badCheckDigit", code: bare };
  if (known.isManifest(code) || /^BK-[0-9A-Z][0-9A-Z.-]{4,}$/.test(code)) return { kind: "manifest", code };
  if (known.dossier(code).length > 0 || /^[A-Z][0-9]{2}(\.[0-9]{2,}){1,3}-[0-9]{6}-[0-9]{4,}$/.test(code)) {
    return { kind: "dossier", code };
  }
  const proven = repaired(text);
  if (rewritten) {
    return proven ? { kind: "item", code: proven, repaired: true } : { kind: "rewritten", code };
  }
  // An S10 number that lost characters on the way. A doubled letter that became one leaves no mark, and a reader that
  // drops a character leaves the same: only the one item that is expected with these digits can be meant.
  if (/^[A-Z]{0,2}[0-9]{9}[A-Z]{0,2}$/.test(bare) || /^[A-Z]{1,3}[0-9]{4,8}[A-Z]{2}$/.test(bare)) {
    const isMeant = proven && known.item(proven) && known.withDigits(proven.slice(2, 11)) === 1;
    return isMeant ? { kind: "item", code: proven, repaired: true } : { kind: "shortened", code: bare };
  }
  return { kind: "unknown", code };
}
