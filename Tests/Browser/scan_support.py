"""A counter: a manifest at a station, a barcode reader that types, and what the log says in the end."""

import datetime
import json
import pathlib
import re
import time
import xml.etree.ElementTree as ElementTree

import support

NAMESPACE = {"m": "urn:postal-dossier:manifest:1"}
OWN = "0123456789BCGHKLMNPQTV"
# Seconds between two keys of a barcode reader.
PACE = 0.005


def own_code(body):
    """The body with its check character: ISO 7064, MOD 23,22."""
    product = 22
    for character in body:
        product = ((product + OWN.index(character)) % 22 or 22) * 2 % 23
    return body + OWN[(23 - product) % 22]


def command(number):
    """The printed code of a command of the scan page."""
    return own_code(f"QL1{number}")


class Counter:
    """A station with one more manifest, of as many items as asked for, dispatched yesterday or in the samples' January."""

    def __init__(self, items=60, seed=3, is_new=True):
        self.station = support.Station()
        made = pathlib.Path(self.station.folder) / "made"
        support.dossier(
            "sample", "--seed", seed, "--items", items, "--items-per-manifest", items, "--days", 1, "--out", made)
        support.dossier("offices", "import", made / "offices.csv", data=self.station.data)
        document = next((made / "manifests").iterdir())
        # The services whose letters Telex changes; the check digit is about the digits alone.
        text = document.read_text().replace('"EH', '"EE').replace('"RH', '"RR')
        if is_new:
            # Nothing of it is late today.
            text = re.sub(r'dispatchedAt="[^"T]*', f'dispatchedAt="{datetime.date.today() - datetime.timedelta(days=1)}', text)
        document.write_text(text)
        support.dossier("import", document, data=self.station.data)
        root = ElementTree.parse(document).getroot()
        self.manifest = root.get("number")
        self.receiver = root.find("m:receiver", NAMESPACE).get("office")
        self.items = [item.get("number") for item in root.iterfind(".//m:item", NAMESPACE)]
        self.dossiers = {
            item.get("number"): [one.get("code") for one in item.iterfind("m:dossier", NAMESPACE)]
            for item in root.iterfind(".//m:item", NAMESPACE)}

    def __enter__(self):
        self.station.start()
        return self

    def __exit__(self, *_):
        self.station.close()

    def context(self, chromium, **options):
        """The browser of a clerk of the office that receives the manifest. Its session counts at a proxy's port, too."""
        options.setdefault("office", self.receiver)
        return support.context(chromium, self.station, role="clerk", **options)

    def open(self, context, address=None):
        """The scan page; through a proxy if its address is given."""
        page = context.new_page()
        page.faults = []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.goto(f"{address or self.station.address}/scan?manifest={self.manifest}")
        ready(page)
        return page

    def events(self, kind="received"):
        """Events of a kind that name the manifest, as the log has them."""
        lines = support.dossier("list", "events", "--format", "ndjson", data=self.station.data).splitlines()
        events = [json.loads(line) for line in lines if line.strip()]
        return [event for event in events if event.get("kind") == kind and event.get("manifest") == self.manifest]


def ready(page):
    """Waits until the page knows its manifest and holds the outbox."""
    support.wait(page, "document.getElementById('link').dataset.state === 'online'")


def scan(page, code, ending="Enter"):
    """Types like a barcode reader: key after key, and the ending."""
    page.keyboard.type(code)
    page.keyboard.press(ending)


def key(page, at, name, text="", **more):
    """A key of the real keyboard, at a stated time in seconds since 1970, however long it takes to reach the page."""
    if not hasattr(page, "keys"):
        page.keys = page.context.new_cdp_session(page)
    pressed = {"key": name, **more}
    page.keys.send("Input.dispatchKeyEvent", {
        "type": "keyDown" if text else "rawKeyDown", "timestamp": at, **pressed,
        **({"text": text, "unmodifiedText": text} if text else {})})
    page.keys.send("Input.dispatchKeyEvent", {"type": "keyUp", "timestamp": at + PACE / 2, **pressed})
    return at


def end(page, at, ending="Enter"):
    """The ending key of a reader; its time."""
    code, text = {"Enter": (13, "\r"), "Tab": (9, "")}[ending]
    return key(page, at, ending, text, code=ending, windowsVirtualKeyCode=code)


def burst(page, code, ending="Enter", at=None):
    """Like `scan`, but with times of the keys as a reader has them, however busy the machine is: the first key at `at`,
    or now. The time of the ending key."""
    at = at or time.time()
    for character in code:
        key(page, at, character, character)
        at += PACE
    return end(page, at, ending)


def word(page):
    return page.locator("#verdict-word").inner_text()


def expect_word(page, text):
    support.wait(page, "text => document.getElementById('verdict-word').textContent.includes(text)", arg=text, timeout=60000)


def expect_count(page, name, value, timeout=60000):
    support.wait(page, "([name, value]) => document.getElementById('count-' + name).textContent === value",
        arg=[name, str(value)], timeout=timeout)


def count(page, name):
    return int(page.locator(f"#count-{name}").inner_text())


def drained(page, timeout=60000):
    """Waits until the server has acknowledged everything."""
    support.wait(page, "document.getElementById('waiting').textContent === '0'", timeout=timeout)


def outbox(page):
    """What lies in the outbox on the disk."""
    return page.evaluate("""() => new Promise((resolve, reject) => {
      const opening = indexedDB.open('dossier');
      opening.onsuccess = () => {
        const all = opening.result.transaction('outbox').objectStore('outbox').getAll();
        all.onsuccess = () => { opening.result.close(); resolve(all.result); };
      };
      opening.onerror = () => reject(opening.error);
    })""")


def latencies(page):
    """Milliseconds from the ending key to the verdict, of every scan so far."""
    return sorted(page.evaluate("performance.getEntriesByName('verdict').map(entry => entry.duration)"))


def number(text):
    return int(re.sub(r"\D", "", text))
