"""Pages that follow: what is recorded elsewhere appears by itself, over one connection of the browser."""

import json
import re
import sys
import time
import urllib.request

import support

MANIFEST = "BK-590230-260112-001"

with support.Station() as station, support.browser() as chromium:
    context = support.context(chromium, station, "shiftLead")
    first, second = context.new_page(), context.new_page()
    for page in (first, second):
        page.goto(f"/manifests/{MANIFEST}")
    assert first.locator("[data-live][id]").count() >= 1, "no part of the page is marked"
    page_text = lambda page: page.locator("#lines").inner_text()  # noqa: E731
    before = page_text(first)

    def one_follows():
        """Waits until one connection is open."""
        deadline = time.monotonic() + 60
        followers = None
        while followers != 1 and time.monotonic() < deadline:
            metrics = urllib.request.urlopen(station.address + "/metrics").read().decode()
            followers = int(re.search(r"^dossier_followers (\d+)", metrics, re.M).group(1))
            time.sleep(0.1)
        assert followers == 1, f"{followers} connections for what should have one"

    holder = "navigator.locks.query().then(locks => locks.held.find(lock => lock.name === 'dossier-live')?.clientId)"
    one_follows()

    # Another process records; the page in front renews itself, the other when it is looked at.
    items = json.loads(support.dossier("show", MANIFEST, "--format", "json", data=station.data))["contents"]
    support.dossier("record", "lost", items[0]["item"], "--manifest", MANIFEST, data=station.data)
    for page in (second, first):
        page.bring_to_front()
        deadline = time.monotonic() + 60
        while page_text(page) == before and time.monotonic() < deadline:
            page.wait_for_timeout(50)
        assert page_text(page) != before, "the page did not renew itself"

    # The tab that holds the connection leaves; the other one takes over.
    former = second.evaluate(holder)
    assert former, "no tab holds the connection"
    first.close()
    support.wait(second, f"async former => ![undefined, former].includes(await {holder})", arg=former)
    one_follows()
    before = page_text(second)
    support.dossier("record", "lost", items[1]["item"], "--manifest", MANIFEST, data=station.data)
    deadline = time.monotonic() + 60
    while page_text(second) == before and time.monotonic() < deadline:
        second.wait_for_timeout(50)
    assert page_text(second) != before, "nobody took over the connection"

    # The page for imports, with and without findings.
    page = context.new_page()
    page.goto("/import")
    assert not (found := support.violations(page)), found
    page.set_input_files("#files", [support.SAMPLES / "rejected/BK-590110-260121-bad.xml"])
    page.get_by_role("button").last.click()
    page.wait_for_selector("#result")
    assert "D-1204" in page.inner_text("main") and "BK-590110-260121-bad.xml" in page.inner_text("main")
    assert not (found := support.violations(page)), found
    if len(sys.argv) > 1:
        page.screenshot(path=sys.argv[1], full_page=True)
