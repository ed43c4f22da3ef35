"""The pages on which custody is read, in a real browser: nobody is shut out, nothing is wider than a telephone, nothing
weighs more than it may, everything works without JavaScript, and every twin says what the command beside it says."""

import json
import shlex
import xml.etree.ElementTree as ElementTree

import support

PAGES = [
    "/", "/find?code=nothing", "/items", "/items?state=offered&custodian=590230&limit=5",
    "/items/RM473126705VN", "/items/RM473113052VN", "/items/EM473653477VN", "/items/RM473195374VN",
    "/items/RM473653485VN", "/dossiers/H48.25-260112-0035", "/manifests", "/manifests?open=1&receiver=H48.25",
    "/manifests/BK-590230-260112-001", "/findings", "/explain", "/explain/D-2004", "/audit",
    "/audit?item=RM473126705VN", "/reports", "/reports/losses?period=2026-Q1&by=office", "/reports/delays",
    "/reports/custody", "/reports/settlement?period=2026-Q1", "/reports/fees?by=manifest",
]
# Pages that say the same as a command.
TWINS = [page for page in PAGES if page not in ("/", "/find?code=nothing", "/reports")]
LIMIT = 60_000


def language(address, wanted):
    return address + ("&" if "?" in address else "?") + "lang=" + wanted


def look(chromium, station):
    """Weight and width in both languages, on the screen of a counter PC and of a telephone; axe where words are longest and
    where the screen is smallest."""
    session = support.context(chromium, station, role="shiftLead")
    page = session.new_page()
    page.goto("/audit")
    page.click("main form button")
    for address in PAGES:
        for wanted in ("vi", "en"):
            answer = page.goto(language(address, wanted))
            weight = len(answer.body())
            assert weight < LIMIT, f"{address} {wanted}: {weight} bytes"
            for width in (1366, 320):
                page.set_viewport_size({"width": width, "height": 768})
                wide = page.evaluate("document.documentElement.scrollWidth")
                assert wide <= width, f"{address} {wanted}: {wide} px wide on {width}"
                if (wanted, width) not in (("vi", 1366), ("en", 320)):
                    continue  # The same markup.
                found = support.violations(page)
                assert not found, f"{address} {wanted} {width}: {found}"
        page.set_viewport_size({"width": 1366, "height": 768})
    public = support.context(chromium, station, viewport={"width": 320, "height": 640}).new_page()
    public.goto("/")
    assert public.locator("h1").inner_text() == "Sổ giao nhận hồ sơ qua bưu chính"
    assert not support.violations(public)
    print(f"{len(PAGES)} pages, both languages, two widths: 0 violations")


def without_scripts(chromium, station):
    """From a code on paper to the item, its audit, a report and its file, with JavaScript switched off."""
    page = support.context(chromium, station, role="auditor", java_script_enabled=False).new_page()
    page.goto("/")
    page.fill("#code", "rm 473 126 705 vn")
    page.press("#code", "Enter")
    assert page.url.endswith("/items/RM473126705VN"), page.url
    with page.expect_download() as evidence:
        page.click("a[href$='evidence.json']")
    assert evidence.value.suggested_filename == "evidence-RM473126705VN.json"
    support.dossier("log", "verify", evidence.value.path(), "--key", station.data / "keys/log.pub")
    page.click("a[href^='/audit']>> nth=-1")
    assert page.locator(".verdict").count() == 1
    page.goto("/items")
    page.select_option("#state", "offered")
    page.click(".filters button")
    assert page.locator("tbody tr").count() == 39
    page.goto("/reports/losses")
    page.select_option("#by", "leg")
    page.click(".filters button")
    assert "by=leg" in page.url and page.locator("svg").count() > 0
    with page.expect_download() as file:
        page.click(".downloads >> text=XLSX")
    assert file.value.suggested_filename.endswith(".xlsx")
    print("works without JavaScript")


def without_its_own_event(twin, said):
    """The page's run has been recorded since, with its verdict: one event more for the command to read."""
    assert said["log"].pop("size") == twin["log"].pop("size") + 1
    events = [one for one in said["checked"] + said["unchecked"] if one["what"] == "events"]
    assert len(events) == 2
    for one in events:
        one["count"] -= 1
    assert said["log"].pop("root") != twin["log"].pop("root")


def commands(chromium, station):
    """Every twin is what the command shown on its page says of the same store; a list's lines may be broken elsewhere."""
    session = support.context(chromium, station, role="shiftLead")
    page = session.new_page()
    for address in TWINS:
        page.goto(address)
        if address == "/audit":
            # Of the log as it is now: what was looked at before has been recorded since.
            page.locator("main form button").click()
            page.wait_for_selector(".verdict")
        command = page.locator(".foot code").inner_text()
        words = shlex.split(command)[1:]
        said = support.dossier(
            *words, "--format", "json", "--lang", "vi", data=None if words[0] == "explain" else station.data)
        path, _, query = address.partition("?")
        twin = session.request.get(language(path + ".json" + ("?" + query if query else ""), "vi")).text()
        twin, said = json.loads(twin), json.loads(said)
        if address == "/audit":
            without_its_own_event(twin, said)
        assert twin == said, f"{address}: {command}"
        rows = session.request.get(language(path + ".csv" + ("?" + query if query else ""), "vi")).text()
        table = support.dossier(
            *words, "--format", "csv", "--lang", "vi", data=None if words[0] == "explain" else station.data)
        assert rows.replace("\r\n", "\n") == table.replace("\r\n", "\n"), f"{address}.csv: {command}"
    print(f"{len(TWINS)} commands say what their pages say")


def long_manifest(chromium, station):
    """A bag of 300 items: its pages are as light as any, and the next page leads on to the last line."""
    made = station.folder / "long"
    support.dossier("sample", "--seed", 5, "--items", 300, "--items-per-manifest", 300, "--days", 1, "--out", made)
    support.dossier("offices", "import", made / "offices.csv", data=station.data)
    document = next((made / "manifests").iterdir())
    support.dossier("import", document, data=station.data)
    number = ElementTree.parse(document).getroot().get("number")
    page = support.context(chromium, station, role="shiftLead").new_page()
    for name in ("", "/sign", "/record"):
        for wanted in ("vi", "en"):
            answer = page.goto(language(f"/manifests/{number}{name}", wanted))
            weight = len(answer.body())
            assert answer.ok and weight < LIMIT, f"{name} {wanted}: {weight} bytes"
    page.goto(f"/manifests/{number}")
    page.set_viewport_size({"width": 320, "height": 768})
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 320, f"{wide} px wide on 320"
    found = support.violations(page)
    assert not found, found
    lines = []
    while True:
        lines += page.locator("#lines tbody th").all_inner_texts()
        following = page.locator(".pager a[rel=next]")
        if not following.count():
            break
        page.goto(following.get_attribute("href"))
    assert len(lines) == len(set(lines)) == 300, len(lines)
    print("300 items: every page is light")


with support.Station() as station, support.browser() as chromium:
    look(chromium, station)
    without_scripts(chromium, station)
    commands(chromium, station)
    long_manifest(chromium, station)
