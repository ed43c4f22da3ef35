"""Whatever has the focus, a scan loses no character, presses no button and leaves what is being written as it is."""

import scan_support as counter
import support

with counter.Counter(items=60) as place, support.browser() as chromium:
    page = place.open(place.context(chromium))
    items = iter(place.items)
    done = 0

    def scanned(how, ending="Enter"):
        """One scan with the focus elsewhere."""
        global done
        before = page.url
        counter.burst(page, next(items), ending)
        done += 1
        counter.expect_count(page, "received", done)
        assert page.url == before, how
        assert page.evaluate("document.activeElement.id") == "code", how

    scanned("field")
    scanned("field", "Tab")
    page.focus("#recent")
    scanned("a list")
    page.focus("button[data-key=F8]")
    scanned("the button that undoes")
    page.focus("button[data-key=F10]")
    scanned("the button that closes", "Tab")
    page.focus("header nav a[href='/manifests']")
    scanned("a link")
    page.evaluate("document.activeElement.blur()")
    scanned("nothing")
    page.mouse.click(700, 650)
    scanned("the page")

    # Keys alone press nothing, wherever they go: only a click and a button's own key do.
    for button in ["F8", "F10", "F4"]:
        page.focus(f"button[data-key={button}]")
        page.keyboard.press("Enter")
        page.keyboard.press("Space")
    page.wait_for_timeout(150)
    assert counter.count(page, "received") == done and page.locator("[data-panel]:visible").count() == 0
    # Two endings instead of one do nothing; neither does an ending alone.
    page.focus("#code")
    page.keyboard.press("Enter")
    scanned("after an ending alone")
    page.keyboard.press("Enter")
    page.wait_for_timeout(100)
    assert counter.count(page, "received") == done

    # While a note is written: the scan goes its way, the note keeps its text and is saved with the damage before it.
    page.keyboard.press("F4")
    page.locator("[data-panel=damage]").wait_for()
    damaged = place.items[done - 1]
    page.keyboard.press("2")
    page.locator("[data-step=cause]").wait_for()
    page.keyboard.press("1")
    page.locator("#note").wait_for()
    support.wait(page, "document.activeElement.id === 'note'")
    page.keyboard.type("rach goc", delay=60)
    assert page.input_value("#note") == "rach goc"
    scanned("a note that is being written")
    counter.expect_count(page, "damaged", 1)
    counter.drained(page)
    events = place.events("damaged")
    assert [event["item"] for event in events] == [damaged], events
    assert events[0]["damage"] == "readable"
    assert [event["item"] for event in place.events()] == place.items[:done]

    # Somebody who writes slowly and ends with Enter has written a note, not a code.
    page.keyboard.press("F4")
    page.locator("[data-step=grade]").wait_for()
    page.keyboard.press("1")
    page.locator("[data-step=cause]").wait_for()
    page.keyboard.press("2")
    page.locator("#note").wait_for()
    page.keyboard.type("vo bi uot", delay=60)
    page.keyboard.press("Enter")
    counter.expect_count(page, "damaged", 2)
    assert counter.count(page, "received") == done
    assert not page.faults, page.faults
    print(f"focus: {done} of {done} scans kept, no button pressed, note intact")
