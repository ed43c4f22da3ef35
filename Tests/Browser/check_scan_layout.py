"""The scan page fits a counter's PC, can be read from an arm's length, zoomed, and by whoever does not see it."""

import scan_support as counter
import support

WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
HIGH = "document.documentElement.scrollHeight - document.documentElement.clientHeight"

with counter.Counter(items=60) as place, support.browser() as chromium:
    context = place.context(chromium)
    choice = context.new_page()
    choice.goto("/scan")
    assert place.manifest in choice.locator("table").inner_text()
    assert choice.evaluate("document.activeElement.id") == "manifest"
    found = support.violations(choice)
    assert not found, found
    choice.goto("/scan?manifest=BK-%3Cscript%3E")
    assert "<script>" in choice.locator("[role=alert]").inner_text()
    choice.close()

    page = place.open(context)
    states = []

    def look(name):
        """No scrolling, no violation."""
        page.wait_for_timeout(120)
        assert page.evaluate(WIDE) <= 0 and page.evaluate(HIGH) <= 0, name
        found = support.violations(page)
        assert not found, (name, found)
        page.screenshot(path=str(place.station.folder / f"scan-{name}.png"))
        states.append(name)

    look("idle")
    for item in place.items[:12]:
        counter.scan(page, item)
    counter.expect_count(page, "received", 12)
    look("accepted")
    size = page.evaluate("parseFloat(getComputedStyle(document.getElementById('verdict-word')).fontSize)")
    assert size >= 48, size
    assert page.evaluate("parseFloat(getComputedStyle(document.getElementById('verdict-code')).fontSize)") >= 32
    assert page.evaluate("parseFloat(getComputedStyle(document.getElementById('count-short')).fontSize)") >= 34
    assert page.locator("[aria-live]").count() == 1
    counter.scan(page, "EM473126665VN")
    counter.scan(page, place.items[0])
    counter.expect_word(page, "ĐÃ NHẬN RỒI")
    look("attention")
    for key, name in [("F1", "help"), ("F6", "short"), ("F4", "damage")]:
        page.keyboard.press(key)
        look(name)
    page.keyboard.press("Escape")
    counter.scan(page, "BK-590110-260105-001")
    counter.expect_word(page, "DỪNG")
    counter.scan(page, place.items[20])
    look("stop")
    for element in page.locator("button:visible, #code").all():
        box = element.bounding_box()
        assert box["height"] >= 44, element.inner_text()
    page.emulate_media(forced_colors="active")
    look("forced-colours")
    page.emulate_media(forced_colors="none")
    for width, height in [(683, 384), (340, 600)]:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate(WIDE) <= 0, f"{width} pixels wide"
        found = support.violations(page)
        assert not found, found
    page.goto(f"/scan?manifest={place.manifest}&lang=en")
    counter.ready(page)
    assert "Receive" in page.locator("h1").inner_text()
    print(f"layout: {len(states)} states at 1366x768 without scrolling, 200 % zoom, 0 violations")
