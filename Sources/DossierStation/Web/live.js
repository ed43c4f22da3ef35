// Follows the log and renews the parts of a page that are marked, without moving anything else:
//   <section id="count" data-live="manifest=BK-590230-260112-001">…</section>
// `data-live` names what the part is about (manifest=…, item=…); empty means everything. Marked parts need an id.
//
// One tab of the browser holds the connection and tells the others, where Web Locks and BroadcastChannel exist; browsers
// allow about six connections to one server. Elsewhere only the tab in front holds one.

const ADDRESS = "/v1/events/live";
const JUST_LOADED = 3_000;
const parts = () => [...document.querySelectorAll("[data-live][id]")];
const concerns = (part, event) => {
  const [what, which] = (part.dataset.live || "").split("=");
  return !which || event[what] === which;
};

let timer = 0;
let due = new Set();
let running = false;

// Several events in a short time make one request.
function happened(event) {
  for (const part of parts()) if (concerns(part, event)) due.add(part.id);
  if (due.size && !timer) timer = setTimeout(renew, pause());
}

// Nobody knows what has happened: every part is renewed.
function missed(wait) {
  for (const part of parts()) due.add(part.id);
  if (!timer) timer = setTimeout(renew, wait || pause());
}

// Soon after the first event, and not all pages at once and again and again while a bag is being scanned.
let renewed = 0;
const pause = () => Math.max(300, renewed + 3000 - Date.now()) + Math.random() * 700;

async function renew() {
  timer = 0;
  if (running || document.visibilityState === "hidden") return;
  running = true;
  renewed = Date.now();
  const wanted = due;
  due = new Set();
  try {
    // The header tells the station that nobody touched anything: the shift's lock is not put off.
    const answer = await fetch(location.href, {
      headers: { Accept: "text/html", "Dossier-Background": "1" }, credentials: "same-origin", redirect: "error",
    });
    if (answer.status >= 500) throw new Error("not now");
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of wanted) replace(document.getElementById(id), page.getElementById(id));
  } catch {
    wanted.forEach((id) => due.add(id));
    timer = timer || setTimeout(renew, 5000);
  } finally {
    running = false;
    if (due.size && !timer) timer = setTimeout(renew, pause());
  }
}

function replace(old, fresh) {
  if (!old || !fresh || old.isEqualNode(fresh)) return;
  // Whoever is typing or standing in it keeps his place; the part is renewed when he leaves it.
  if (old.contains(document.activeElement)) {
    old.addEventListener("focusout", () => {
      due.add(old.id);
      timer = timer || setTimeout(renew, 400);
    }, { once: true });
    return;
  }
  old.replaceWith(document.adoptNode(fresh));
}

let source = null;
let tell = () => {};

function open() {
  if (source) return;
  source = new EventSource(ADDRESS);
  // What happened while nobody listened; the page itself was made just before the first connection.
  source.addEventListener("open", () => { if (performance.now() > JUST_LOADED) missed(0); });
  source.addEventListener("custody", (message) => {
    const { manifest, item } = JSON.parse(message.data);
    const event = { manifest, item };
    happened(event);
    tell(event);
  });
  source.addEventListener("error", () => {
    // A refusal (signed out, too many) is final for the browser's own retry.
    if (source && source.readyState === EventSource.CLOSED) {
      close();
      setTimeout(() => { if (mayOpen()) open(); }, 15000);
    }
  });
}

function close() {
  if (source) source.close();
  source = null;
}

let isHolder = false;
const shared = "locks" in navigator && "BroadcastChannel" in self;
const mayOpen = () => (shared ? isHolder : document.visibilityState === "visible");

if (parts().length) {
  if (shared) {
    const channel = new BroadcastChannel("dossier-live");
    channel.addEventListener("message", (message) => happened(message.data));
    tell = (event) => channel.postMessage(event);
    // Held until the tab is closed; then the next one in line follows.
    navigator.locks.request("dossier-live", () => new Promise(() => { isHolder = true; open(); }));
  } else {
    if (mayOpen()) open();
  }
  document.addEventListener("visibilitychange", () => {
    if (!shared) mayOpen() ? open() : close();
    if (document.visibilityState !== "visible") return;
    // What happened meanwhile, and what a closed connection has missed.
    missed(50);
  });
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => { if (event.persisted && mayOpen()) open(); });
}
