"""What a clerk sets right: the item in his hand is the damaged one, undoing is of what counts, cards can always be put aside."""

import scan_support as counter
import support


with counter.Counter(items=12) as place, support.browser() as chromium:
    page = place.open(place.context(chromium))
    page.keyboard.press("F9")

    # Two scanned; the first one turns out to be torn and is scanned again: F4 is about that one.
    for item in place.items[:2]:
        counter.scan(page, item)
    counter.expect_count(page, "received", 2)
    page.wait_for_timeout(1700)
    counter.scan(page, place.items[0])
    counter.expect_word(page, "ĐÃ NHẬN RỒI")
    page.keyboard.press("F4")
    page.locator("[data-step=grade]").wait_for()
    page.keyboard.press("1")
    page.locator("[data-step=cause]").wait_for()
    page.keyboard.press("1")
    page.locator("#note").wait_for()
    page.keyboard.press("Enter")
    counter.expect_count(page, "damaged", 1)
    counter.drained(page)
    assert [event["item"] for event in place.events("damaged")] == [place.items[0]]

    # A bumped key is no part of the next code: F2 and Esc empty the field.
    for key in ["F2", "Escape"]:
        page.keyboard.type("7")
        page.keyboard.press(key)
        assert page.input_value("#code") == "", key
    counter.scan(page, place.items[2])
    counter.expect_count(page, "received", 3)
    assert page.locator("#problems li").count() == 0

    # The session locks; one scan waits. With the PIN it goes, and nothing goes on saying that the session is locked.
    counter.drained(page)
    support.wait(page, "fetch('/v1/session/lock', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' }).then(() => true)")
    counter.scan(page, place.items[3])
    page.locator("#session-ended").wait_for()
    page.fill("#pin", support.PIN)
    page.press("#pin", "Enter")
    counter.drained(page)
    page.locator("#session-ended").wait_for(state="hidden")
    support.wait(page, "document.getElementById('link').dataset.state === 'online'")

    # Another counter had it first: F8 undoes what this clerk's own scans made, not that.
    other = place.open(place.context(chromium, code="GDV02"))
    other.keyboard.press("F9")
    counter.scan(other, place.items[4])
    counter.drained(other)
    before = len(place.events("corrected"))
    counter.scan(page, place.items[4])
    counter.drained(page)
    support.wait(page, "document.getElementById('recent').textContent.includes('GDV02')")
    page.keyboard.press("F8")
    counter.expect_word(page, "ĐÃ HOÀN TÁC")
    counter.drained(page)
    assert page.locator("#problems li").count() == 0, "the server refused nothing"
    taken = [event for event in place.events("corrected")][before:]
    assert [event["item"] for event in taken] == [place.items[3]], taken

    # Two people closed it meanwhile: the scan that came too late has a card, and the card can be put aside.
    support.dossier("receive", place.manifest, "--close", "--by", "GDV08", "--witness", "GDV09", data=place.station.data)
    counter.scan(page, place.items[6])
    counter.drained(page)
    counter.expect_word(page, "DỪNG")
    page.locator("#problems li").wait_for()
    for _ in range(2):
        page.keyboard.press("F9")
    page.locator("#problems li").first.wait_for(state="hidden")
    assert not page.faults, page.faults
    print("corrections: the item in the hand, the field, the lock, the other counter")
