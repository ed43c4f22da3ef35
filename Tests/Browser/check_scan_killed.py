"""The browser is killed after the verdict and before anything was sent; it starts again, and the scans are still there."""

import os
import pathlib
import shutil
import signal
import tempfile

import hostile
import scan_support as counter
import support
from playwright.sync_api import sync_playwright


def browser_of(folder):
    """Processes of the browser that keeps its data in this folder."""
    found = []
    for process in pathlib.Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                if f"--user-data-dir={folder}".encode() in (process / "cmdline").read_bytes().split(b"\0"):
                    found.append(int(process.name))
            except OSError:
                continue
    return found


def launch(playwright, session, folder):
    made = playwright.chromium.launch_persistent_context(
        folder, executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"],
        locale="vi-VN", viewport={"width": 1366, "height": 768})
    made.add_cookies(session)
    return made


with counter.Counter(items=60) as place:
    proxy = hostile.Proxy(place.station, moods=("pass",))
    folder = tempfile.mkdtemp(prefix="browser-")
    with support.browser() as chromium:
        session = place.context(chromium).cookies()
    try:
        with sync_playwright() as playwright:
            page = place.open(launch(playwright, session, folder), proxy.address)
            proxy.hold()
            for item in place.items[:7]:
                counter.scan(page, item)
            counter.expect_count(page, "received", 7)
            kept = counter.outbox(page)
            assert [scan["code"] for scan in kept] == place.items[:7], kept
            for process in browser_of(folder):
                os.kill(process, signal.SIGKILL)
        assert place.events() == [], "nothing had been sent"
        with sync_playwright() as playwright:
            context = launch(playwright, session, folder)
            page = place.open(context, proxy.address)
            counter.expect_count(page, "received", 7)
            assert [scan["id"] for scan in counter.outbox(page)] == [scan["id"] for scan in kept]
            counter.scan(page, place.items[7])
            counter.expect_count(page, "received", 8)
            proxy.release()
            counter.drained(page)
            assert counter.outbox(page) == []
            context.close()
        events = place.events()
        assert [event["item"] for event in events] == place.items[:8]
        assert [event["id"] for event in events][:7] == [scan["id"] for scan in kept]
        print("killed browser: 7 scans found again, 8 events")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
