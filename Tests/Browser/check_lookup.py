"""Citizens and kiosks in a real browser: without script, by phone and by barcode reader; proofs that verify; guesses
that lead nowhere."""

import concurrent.futures
import contextlib
import pathlib
import re
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

from playwright.sync_api import Error

import support

ITEM, DIGITS, DOSSIER = "EM473112922VN", "1169", "H48.20-260107-0001"
SECRETS = ["Phan Kim Nhung", "0740631169", "Xuân Hòa", "2.000488", "Lý lịch", "GDV-041"]
PHONE = {"width": 360, "height": 740}
SCREENS = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else None


def ask(station, code, digits=""):
    """One look-up as a program without a browser sends it: status and page."""
    body = urllib.parse.urlencode({"code": code, "digits": digits}).encode()
    try:
        with urllib.request.urlopen(station.address + "/look-up?lang=en", body) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read().decode()


def s10(serial, prefix="EM"):
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(f"{serial:08}", (8, 6, 4, 2, 3, 5, 9, 7))) % 11
    return f"{prefix}{serial:08}{0 if rest == 10 else 5 if rest == 11 else rest}VN"


class Weighed:
    """A page of a context, with what it loads."""

    def __init__(self, context):
        self.page = context.new_page()
        self.sizes = {}
        self.requests = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("response", self.note)

    def note(self, response):
        if response.status < 300:
            self.sizes[response.url] = len(response.body())

    def check(self, name):
        page = self.page
        page.wait_for_load_state()
        found = support.violations(page)
        assert not found, (name, found)
        assert not [secret for secret in SECRETS if secret in page.content()], name
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, (name, "wider than the screen")
        small = page.evaluate("""[...document.querySelectorAll('a, button, input:not([type=hidden]), summary')]
            .filter(e => e.offsetParent && !e.closest('p, details > p'))
            .filter(e => e.getBoundingClientRect().height < 44).map(e => e.outerHTML)""")
        assert not small, (name, small)
        if SCREENS:
            page.screenshot(path=str(SCREENS / f"lookup-{name}.png"), full_page=True)


def citizen(chromium, station):
    # axe itself is a script, so pages are looked at with script allowed and used again without.
    for allowed in (False, True):
        context = support.context(chromium, station, viewport=PHONE, java_script_enabled=allowed, has_touch=True)
        weighed = Weighed(context)
        page = weighed.page
        check = weighed.check if allowed else (lambda name: None)

        page.goto("/look-up")
        assert page.locator("html").get_attribute("lang") == "vi"
        check("form")
        page.get_by_label("Mã tra cứu").fill(ITEM.lower())
        page.keyboard.press("Enter")
        assert page.locator(".now .big").inner_text() == "Đã đến"
        check("coarse")
        assert page.get_by_label("Mã tra cứu").input_value() == ITEM
        page.get_by_label("Bốn số cuối").fill(DIGITS)
        page.get_by_role("button", name="Tra cứu").click()
        assert page.locator(".now .big").inner_text() == "Đã phát kết quả"
        assert page.locator("ol.steps li").count() == 5
        check("status")
        assert ITEM not in page.url and DIGITS not in page.url

        code = re.search(r"/v/(QC[0-9BCGHKLMNPQTV]+)/proof", page.content()).group(1)
        with page.expect_download() as download:
            page.get_by_role("link", name="Tải bằng chứng").click()
        proof = station.folder / download.value.suggested_filename
        download.value.save_as(proof)

        page.goto(f"/v/{code}?lang=en")
        assert page.locator(".now .big").inner_text() == "Result delivered"
        check("code")
        page.goto("/look-up?lang=en")
        page.get_by_label("Look-up code").fill(ITEM)
        page.get_by_label("Last four").fill("0000")
        page.get_by_role("button", name="Look up").click()
        assert page.get_by_role("alert").is_visible()
        check("unknown")
        assert all(url.startswith(station.address) for url in weighed.requests), weighed.requests
        heaviest = max((size for url, size in weighed.sizes.items() if "proof" not in url), default=0)
        assert heaviest < 25_000, weighed.sizes
        context.close()
    print(f"citizen: heaviest file {heaviest} bytes, 0 violations, also without script")
    return code, proof


def verified(chromium, station, proof):
    """The proof is checked by two others than the station."""
    file = station.data / "keys/log.pub"
    key = file.read_text().strip()
    done = subprocess.run(
        ["python3", support.ROOT / "Scripts/verify_bundle.py", proof, "--key", file], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    context = support.context(chromium, station)
    page = context.new_page()
    refused = []
    page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
    page.goto("/verify")
    page.set_input_files("#file", str(proof))
    page.fill("#trust-text", key)
    page.wait_for_selector("#verdict.proven")
    if SCREENS:
        page.screenshot(path=str(SCREENS / "lookup-verify.png"))
    # A forged file is refused by the same page.
    forged = proof.with_name("forged.custody.json")
    forged.write_text(proof.read_text().replace('received', 'accepted', 1))
    page.set_input_files("#file", str(forged))
    page.wait_for_selector("#verdict.refuted, #verdict.undecided")
    assert not refused, refused
    context.close()
    print("proof: verified by verify_bundle.py and by /verify")


def kiosk(chromium, station, code):
    """A touch screen with a barcode reader, which types and sends Enter; nobody touches anything."""
    context = support.context(
        chromium, station, viewport={"width": 1280, "height": 1024}, has_touch=True)
    weighed = Weighed(context)
    page = weighed.page
    page.goto("/kiosk")
    weighed.check("kiosk")
    scans = [
        (ITEM, "Đã đến"), (code, "Đã phát kết quả"), (f"https://hoso.example.vn/v/{code}", "Đã phát kết quả"),
        (ITEM, "Đã đến"), (code.lower(), "Đã phát kết quả"),
    ]
    for number, (scan, word) in enumerate(scans):
        page.keyboard.type(scan, delay=3)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.locator(".now .big").inner_text() == word, scan
        if number < 2:
            weighed.check(f"kiosk-{number}")
    # What was shown is not there for the next one: neither by going back nor by sending again.
    page.goto("/kiosk")
    with contextlib.suppress(Error):  # Chromium asks before it sends a form again.
        page.go_back()
    assert page.locator("ol.steps").count() == 0, "going back shows the last person's dossier"
    for _ in range(50):
        try:
            page.reload()
            break
        except Error:  # the browser is still on its way to its page that asks
            page.wait_for_timeout(100)
    assert page.url.startswith(station.address), page.url
    assert page.locator("ol.steps").count() == 0, "sending again shows the last person's dossier"
    context.close()

    # It clears itself, with script switched off; the minute is let run quicker by the header alone.
    context = support.context(chromium, station, java_script_enabled=False)
    page = context.new_page()

    def hurry(route):
        answer = route.fetch()
        headers = {name: value.replace("60;", "9;") if name == "refresh" else value for name, value in answer.headers.items()}
        route.fulfill(response=answer, headers=headers)

    page.route("**/kiosk*", hurry)
    page.goto("/kiosk")
    page.wait_for_selector("input:focus")
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    page.wait_for_selector("ol.steps")
    page.wait_for_selector("ol.steps", state="detached", timeout=60_000)
    assert page.locator("form").count() == 1
    context.close()
    print(f"kiosk: {len(scans)} scans by keys alone, cleared, nothing left behind")


def guesses(station):
    """A thousand numbers are guessed through; by number an address may ask 20 times, and 10 times more in a minute."""
    begun = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: ask(station, s10(47_311_292 + number)), range(1_000)))
    elapsed = time.monotonic() - begun
    words = {re.search(r'class="big">([^<]*)', page).group(1) for status, page in answers if status == 200}
    through = sum(status != 429 for status, _ in answers)
    assert words <= {"Arrived", "In transit", "Please ask"}, words
    assert through <= 20 + 10 * (elapsed / 60 + 1), (through, elapsed)
    assert not [page for _, page in answers if "/v/QC" in page or "2026" in page]
    print(f"1,000 guesses in {elapsed:.1f} s: {through} answered, with one of three words")


with support.Station() as station, support.browser() as chromium:
    code, proof = citizen(chromium, station)
    verified(chromium, station, proof)
    kiosk(chromium, station, code)
    guesses(station)
    # Sizes, times, ports and names of requests are numbers as well, and may hold the same digits by chance.
    log = re.sub(r"\b(?:bytes|ms|id)=\S+|:\d+\b", "", (station.folder / "log").read_text())
    for secret in [ITEM, DIGITS, DOSSIER, code, s10(47_311_292 + 5)] + SECRETS:
        assert secret not in log, f"{secret} is in the log"
