// The scan page: one field, one verdict at once from what is known here, and the outbox behind it.

import { Choices } from "./choices.js";
import { Closing } from "./closing.js";
import { isRewritten, read } from "./codes.js";
import {
  Sounds, addRecent, fill, find, moment, openPanel, showCount, showPanel, showVerdict, stamp,
} from "./feedback.js";
import { listen } from "./keys.js";
import { showQueue, showShort } from "./lists.js";
import { Pinned } from "./pinned.js";
import { Queue } from "./queue.js";
import { Session } from "./session.js";
import { Stops } from "./stops.js";
import { ofReceipt } from "./verdicts.js";

const REPEAT = 1_500;
const BLANKING = 300;
const MOST_SKEW = 120_000;
/** A tab that was just left lets go of the outbox sooner than this. */
const OTHER_TAB = 1_000;

class ScanPage {
  constructor(settings) {
    this.settings = settings;
    this.texts = settings.texts;
    this.field = find("code");
    this.sounds = new Sounds(settings.sounds);
    this.queue = new Queue(settings.scans);
    this.early = [];
    this.done = [];
    this.told = new Set();
    /** The item that the verdict is about: what is damaged is what the clerk holds in his hand. */
    this.shown = null;
    this.closing = new Closing(this);
    this.latest = { code: "", moment: -Infinity };
    this.acceptedAt = -Infinity;
    this.work = Promise.resolve();
    const text = (key, values) => this.text(key, values);
    this.pinned = new Pinned(this.queue, settings.manifest, text);
    this.stops = new Stops(this.sounds, text);
    this.session = new Session(this.queue, settings, {
      enqueue: (step) => this.enqueue(step),
      changed: (session) => this.known(session),
      missing: () => { this.stops.begin("unknown", "stopUnknown"); this.showQueue(); },
    });
    this.choices = new Choices(settings, text, this.field, {
      damaged: (code, damage, labels) => this.recordDamage(code, damage, labels),
      picked: ({ item }) => this.enqueue(() => this.receive({ code: item }, item, performance.now(), true)),
    });
  }

  text(key, values) { return fill(this.texts[key] ?? key, values); }

  async start() {
    listen(this.field, {
      scan: (raw, at, isTyped) => this.enqueue(() => this.handle(raw, at, isTyped)),
      key: (name) => this.press(name),
      choice: (digit) => this.choices.choose(digit),
      entered: (target) => {
        if (target === find("note")) this.enqueue(() => this.choices.finish());
        if (target === find("pin")) this.unlock();
      },
    });
    for (const button of document.querySelectorAll("button[data-key]")) {
      button.addEventListener("click", () => { this.press(button.dataset.key); this.field.focus(); });
    }
    document.addEventListener("click", (event) => {
      if (!event.target.closest("a, button, input, summary, [tabindex]")) this.field.focus();
    });
    this.field.focus();
    this.queue.addEventListener("change", () => this.showQueue());
    this.queue.addEventListener("reply", (event) => this.settle(event.detail));
    this.queue.addEventListener("answer", () => this.checkClock());
    // Somebody else has signed in beside this page: what is scanned from now on is his. The outbox stays.
    this.queue.addEventListener("clerk", (event) => { if (event.detail !== this.settings.clerk) location.reload(); });
    this.queue.addEventListener("owner", () => { this.stops.end("tab"); this.session.load(); });
    try {
      await this.queue.open();
      await this.pinned.open();
    } catch (error) {
      this.stops.begin("disk", "stopDisk", { reason: error?.name ?? "" });
    }
    this.showQueue();
    setTimeout(() => { if (!this.queue.isOwner && !this.stops.has("disk")) this.stops.begin("tab", "stopTab"); }, OTHER_TAB);
    find("shift-check").hidden = (await this.queue.kept("heard").catch(() => null)) === this.shift();
  }

  /** One after the other, in the order in which the codes came. */
  enqueue(step) {
    this.work = this.work.then(step).catch((error) => this.stops.begin("disk", "stopDisk", { reason: error?.name ?? "" }));
    return this.work;
  }

  shift() { return `${this.settings.clerk} ${stamp(Date.now()).slice(0, 10)}`; }

  // What is known

  get bag() { return this.session.bag; }

  /** The manifest is known, or known anew. */
  known(session) {
    this.stops.end("unknown");
    if (session.closed) this.stops.begin("closed", "stopClosed");
    find("route").textContent =
      `${session.giverName ?? session.giver} → ${session.receiverName ?? session.receiver}`;
    this.showCount();
    this.showQueue();
    for (const [raw, at, isTyped] of this.early.splice(0)) {
      this.enqueue(() => this.handle(raw, at, isTyped));
    }
  }

  settle({ scan, result }) {
    if (scan.manifest !== this.settings.manifest) return;
    this.session.settle(scan, result);
    if (!this.bag) return;
    this.pinned.settle(scan, result);
    // What the log does not have, or has of somebody else, is nothing that could be undone.
    if (result.status !== "accepted") this.done = this.done.filter((one) => one.id !== scan.id);
    if (result.status === "duplicate" && result.first && !this.told.delete(scan.id)) {
      addRecent(Date.now(), "attention", scan.code,
        this.text("firstBy", { time: moment(result.first.at), clerk: result.first.by ?? "" }));
    }
    this.showCount();
  }

  /** Opens a locked session again; the outbox has waited for that. */
  async unlock() {
    const pin = find("pin").value;
    find("pin").value = "";
    find("pin-refused").textContent = "";
    try {
      const response = await fetch(this.settings.unlock, {
        method: "POST", headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify({ pin }),
      });
      if (response.ok) {
        this.field.focus();
        return this.queue.poke();
      }
      const problem = await response.json().catch(() => ({}));
      find("pin-refused").textContent = [problem.title, problem.code].filter(Boolean).join(" · ");
    } catch {
      find("pin-refused").textContent = this.text("closeOffline");
    }
    return undefined;
  }

  // A code

  async handle(raw, at, isTyped) {
    const known = {
      item: (code) => this.bag?.item(code) ?? this.bag?.stray(code) ?? null,
      dossier: (code) => this.bag?.dossier(code) ?? [],
      withDigits: (digits) => this.bag?.session.items.filter((item) => item.item.includes(digits)).length ?? 0,
      isManifest: (code) => code === this.settings.manifest || this.settings.manifests.includes(code),
    };
    const code = read(raw, known);
    if (isRewritten(raw)) find("input-method").hidden = false;
    if (code.kind === "command") return this.command(code, at);
    if (code.kind === "calibration") return this.calibrate(code, at);
    if (/^[0-9]$/.test(code.code) && this.choices.choose(code.code)) return;
    if (!this.bag && !this.stops.any) return this.early.push([raw, at, isTyped]);
    if (this.choices.step === "note") await this.choices.finish();
    if (this.choices.step === "pick") this.choices.cancel();
    if (this.stops.has("closed") && code.kind === "manifest" && code.code !== this.settings.manifest) {
      return this.manifest(code, at);
    }
    if (this.stops.any) return this.stops.hold(code.code);
    // One pull of the trigger reads whatever else is on the label.
    const isMeant = ["item", "manifest", "station"].includes(code.kind);
    if (!isMeant && at - this.acceptedAt < BLANKING) return;
    if (code.code === this.latest.code && at - this.latest.moment < REPEAT) {
      this.latest.moment = at;
      return this.sounds.play("soft");
    }
    this.latest = { code: code.code, moment: at };
    switch (code.kind) {
      case "item": return this.receive(code, raw, at, isTyped);
      case "dossier": return this.dossier(code, raw, at, isTyped);
      case "manifest": return this.manifest(code, at);
      case "station": return this.rename(code, at);
      default:
        if (/^[0-9A-Z]{3,5}$/.test(code.code) &&
            this.choices.pick(this.bag.endingIn(code.code))) return;
        return this.wrong(`wrong_${code.kind}`, code, at);
    }
  }

  /** @param {string} asRead what stood on the label, which may be a dossier's code */
  async receive(code, raw, at, isTyped, asRead = code.code) {
    const expected = this.bag.item(code.code);
    const first = this.bag.scanned(code.code);
    const before = first && { ...first };
    const scan = this.scan("received", expected?.item ?? code.code, raw, at, {
      repaired: code.repaired === true, ...(isTyped ? { keyed: true } : {}),
    });
    if (!await this.write(scan, asRead)) return;
    this.shown = scan.code;
    const { outcome, ...verdict } = ofReceipt(
      { code, raw, expected, before }, this.bag, Date.now() + this.queue.skew, (key, values) => this.text(key, values));
    if (outcome === "again") this.told.add(scan.id); else this.done.push({ id: scan.id, code: scan.code });
    if (outcome === "received") this.acceptedAt = at;
    if (outcome === "over") {
      this.pinned.add({ scan: scan.id, code: scan.code, title: verdict.word, text: this.text("overAsking") });
    }
    this.verdict(at, verdict);
  }

  dossier(code, raw, at, isTyped) {
    const items = this.bag.dossier(code.code);
    if (items.length === 1) {
      return this.receive({ code: items[0].item }, raw, at, isTyped, code.code);
    }
    return this.verdict(at, { state: "attention", word: this.text("wrongKind"), code: code.code,
      detail: this.text(items.length > 1 ? "dossierOfMany" : "dossierElsewhere") });
  }

  manifest(code, at) {
    if (code.code === this.settings.manifest) {
      return this.verdict(at, { state: "attention", word: this.text("sameManifest"), code: code.code });
    }
    if (this.bag.session.closed || this.bag.missing.length === 0) {
      this.verdict(at, { state: "accepted", word: this.text("switching"), code: code.code });
      return location.assign(`/scan?manifest=${encodeURIComponent(code.code)}`);
    }
    return this.stops.begin("manifest", "stopManifest", { code: code.code, n: this.bag.missing.length }, at);
  }

  async rename(code, at) {
    await this.queue.keep("station", code.code);
    this.queue.station = code.code;
    this.verdict(at, { state: "attention", word: this.text("stationNamed"), code: code.code });
  }

  /** A text that names nothing that can be recorded: the card stays until somebody has put the thing aside. */
  wrong(key, code, at) {
    this.pinned.add({ code: code.code, title: this.text("wrong"), text: this.text(key) });
    this.verdict(at, { state: "wrong", word: this.text("wrong"), code: code.code, detail: this.text(key) });
  }

  scan(type, code, raw, at, rest) {
    return {
      id: this.queue.identifier(), type, manifest: this.settings.manifest, code, raw,
      at: stamp(Math.round(Date.now() - performance.now() + at)), mono: Math.round(at), repaired: false,
      offline: !this.queue.isOnline, clerk: this.settings.clerk,
      ...(this.queue.seen ? { seen: this.queue.seen } : {}), ...rest,
    };
  }

  /** Nothing is shown as counted before this has come back. */
  async write(scan, asRead = scan.code) {
    try {
      await this.queue.add(scan);
    } catch (error) {
      this.stops.begin("disk", "stopDisk", { reason: error?.name ?? "" });
      this.stops.hold(asRead);
      return false;
    }
    this.bag.apply(scan);
    this.stops.release(asRead);
    this.showCount();
    this.session.keep();
    return true;
  }

  verdict(at, verdict) {
    showVerdict(verdict);
    this.sounds.play(verdict.state);
    performance.measure("verdict", { start: at, end: performance.now(), detail: verdict.state });
    if (verdict.code) addRecent(Date.now(), verdict.state, verdict.code, verdict.word);
  }

  calibrate(code, at) {
    const isRight = code.fault === null;
    find("input-method").hidden = isRight || !["telex", "vni"].includes(code.fault);
    this.verdict(at, {
      state: isRight ? "accepted" : "wrong", word: this.text(isRight ? "calibrated" : "miscalibrated"),
      detail: this.text(isRight ? "faultNone" : `fault_${code.fault}`), rest: isRight ? "" : code.code,
    });
  }

  // Stops

  checkClock() {
    const isWrong = Math.abs(this.queue.skew) > MOST_SKEW;
    find("wrong-clock").hidden = !isWrong;
    find("wrong-clock-by").textContent = String(Math.round(Math.abs(this.queue.skew) / 60_000));
    if (isWrong && !this.toldClock) {
      this.toldClock = true;
      this.stops.begin("clock", "stopClock", { n: Math.round(Math.abs(this.queue.skew) / 60_000) });
    } else if (!isWrong && this.toldClock) {
      this.toldClock = false;
      this.stops.end("clock");
    }
  }

  // Keys and commands

  press(name) {
    const action = this.settings.keys[name];
    if (!action) return false;
    this.enqueue(() => this.act(action, performance.now()));
    return true;
  }

  command({ code, screen, command }, at) {
    const action = screen === this.settings.screen ? this.settings.commands[command] : null;
    if (!action) {
      return this.verdict(at, { state: "wrong", word: this.text("wrongCommand"), code,
        detail: this.text("wrongCommandDetail") });
    }
    return this.act(action, at);
  }

  act(action, at) {
    switch (action) {
      case "help": return showPanel(openPanel() === "help" ? null : "help");
      case "back": this.back(); return this.sounds.play("accepted");
      case "damaged": return this.beginDamage(at);
      case "short": return openPanel() === "short" ? showPanel(null) : this.showShort();
      case "print": this.showShort(); return window.print();
      case "undo": return this.undo(at);
      case "acknowledge": return this.acknowledge();
      case "close": return this.closing.close(at);
      case "confirm": return this.confirm(at);
      case "cancel": return this.cancel();
      default: {
        const [step, word] = action.split(":");
        if (this.choices.word(step, word)) return undefined;
        return this.verdict(at, { state: "attention", word: this.text("wrongCommand"),
          detail: this.text("damageFirst") });
      }
    }
  }

  async undo(at) {
    const kept = this.bag?.last(this.settings.clerk);
    const last = this.done.at(-1) ?? (kept ? { id: kept.damageEvent ?? kept.event, code: kept.item } : null);
    if (!last || this.stops.any) {
      return this.verdict(at, { state: "attention", word: this.text("nothingToUndo") });
    }
    if (!await this.write(this.scan("void", last.code, last.code, at, { target: last.id }))) return;
    this.done = this.done.filter((one) => one !== last);
    this.shown = null;
    this.latest.code = "";
    this.pinned.drop(last.id);
    this.verdict(at, { state: "attention", word: this.text("undone"), code: last.code,
      rest: this.text("stillShort", { n: this.bag.count.short }) });
  }

  async acknowledge() {
    if (await this.stops.acknowledge(() => this.queue.keep("written", Date.now()))) return;
    if (await this.pinned.acknowledge()) return;
    if (this.stops.releaseAll()) return;
    if (!find("shift-check").hidden) {
      find("shift-check").hidden = true;
      return this.queue.keep("heard", this.shift());
    }
    find("input-method").hidden = true;
  }

  confirm(at) {
    if (this.choices.step === "note") return this.choices.finish();
    if (this.closing.isAsked) return this.closing.close(at);
    return this.verdict(at, { state: "attention", word: this.text("nothingToConfirm") });
  }

  cancel() {
    this.closing.cancel();
    this.choices.cancel();
    this.back();
  }

  /** The field is empty and has the focus: a key that was bumped is no part of the next code. */
  back() {
    this.field.value = "";
    this.field.focus();
  }

  beginDamage(at) {
    const code = this.shown ?? this.done.at(-1)?.code ?? this.bag?.last(this.settings.clerk)?.item;
    if (code && !this.stops.any) return this.choices.damage(code);
    return this.verdict(at, { state: "attention", word: this.text("scanFirst") });
  }

  async recordDamage(code, damage, labels) {
    const at = performance.now();
    const scan = this.scan("damaged", code, code, at, damage);
    if (!await this.write(scan)) return;
    this.done.push({ id: scan.id, code });
    this.verdict(at, { state: "attention", word: this.text("damaged"), code, detail: labels });
  }

  showCount() {
    showCount(this.bag.count);
    if (openPanel() === "short") this.showShort();
  }

  showShort() { showShort(this.bag, this.queue, (key) => this.text(key)); }

  showQueue() {
    showQueue(this.queue, (key) => this.text(key));
    this.pinned.show();
  }
}

const place = find("scan");
if (place) new ScanPage(JSON.parse(place.dataset.settings)).start();
