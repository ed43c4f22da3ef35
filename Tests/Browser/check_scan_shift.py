"""A whole shift by keyboard and reader alone: from signing in to the page where the bag is signed."""

import scan_support as counter
import support

with counter.Counter(items=12) as place, support.browser() as chromium:
    page = place.context(chromium).new_page()
    page.goto("/scan")
    # The field for the manifest is ready; the barcode on the bag opens it.
    counter.scan(page, place.manifest)
    page.wait_for_url("**/scan?manifest=*")
    counter.ready(page)
    page.keyboard.press("F2")
    page.locator("#shift-check").wait_for()
    page.keyboard.press("F9")
    page.locator("#shift-check").wait_for(state="hidden")
    for item in place.items[:6]:
        counter.scan(page, item)
    counter.expect_count(page, "received", 6)
    # Damaged, by keys.
    page.keyboard.press("F4")
    page.locator("[data-step=grade]").wait_for()
    page.keyboard.press("1")
    page.locator("[data-step=cause]").wait_for()
    page.keyboard.press("2")
    page.locator("#note").wait_for()
    page.keyboard.press("Enter")
    counter.expect_word(page, "ĐÃ GHI HƯ HỎNG")
    # The same by printed codes, ended by the next item.
    counter.scan(page, place.items[6])
    for number in ["04", "33", "26"]:
        counter.scan(page, counter.command(number))
    # The note has the focus: it is the pace of the keys that tells a code from a note.
    page.locator("#note").wait_for()
    counter.burst(page, place.items[7])
    counter.expect_count(page, "damaged", 2)
    counter.expect_count(page, "received", 8)
    # Begun and thought better of.
    page.keyboard.press("F4")
    page.locator("[data-step=grade]").wait_for()
    counter.scan(page, counter.command("99"))
    page.locator("[data-panel=damage]").wait_for(state="hidden")
    # Undone and scanned again.
    counter.scan(page, counter.command("08"))
    counter.expect_count(page, "received", 7)
    counter.expect_word(page, "ĐÃ HOÀN TÁC")
    counter.scan(page, place.items[7])
    counter.expect_count(page, "received", 8)
    for item in place.items[8:11]:
        counter.scan(page, item)
    counter.expect_count(page, "received", 11)
    assert "còn thiếu 1" in page.locator("#verdict-rest").inner_text()
    # What is missing, by key.
    page.keyboard.press("F6")
    support.wait(page, "code => document.getElementById('short-list').textContent.includes(code)",
                           arg=place.items[11])
    page.keyboard.press("F6")
    counter.scan(page, place.items[11])
    counter.expect_count(page, "short", 0)
    counter.drained(page)
    # Closing asks once more; after that the page for the two signatures follows.
    page.keyboard.press("F10")
    counter.expect_word(page, "CHỐT BẢNG KÊ?")
    counter.scan(page, counter.command("11"))
    page.wait_for_url(f"**/manifests/{place.manifest}/sign")
    assert len(place.events()) == 13 and len(place.events("damaged")) == 2
    assert len(place.events("corrected")) == 1
    print("shift: 12 items, 2 damaged, 1 undone, closed without a mouse")
