"""Two tabs, a wrong clock, a long time without network, a session that ends: nothing is lost, and the page says so."""

import hostile
import scan_support as counter
import support

with counter.Counter(items=60) as place, support.browser() as chromium:
    # Without network: scanning goes on, closing does not; a reload finds everything.
    proxy = hostile.Proxy(place.station, moods=("pass",))
    context = place.context(chromium)
    session = context.cookies()
    page = place.open(context, proxy.address)
    context.set_offline(True)
    for item in place.items[:20]:
        counter.scan(page, item)
    counter.expect_count(page, "received", 20)
    support.wait(page, "document.getElementById('link').dataset.state === 'offline'")
    assert page.locator("#waiting").inner_text() == "20"
    page.keyboard.press("F10")
    counter.expect_word(page, "CHƯA CHỐT ĐƯỢC")
    assert "20" in page.locator("#verdict-detail").inner_text()
    page.keyboard.press("F6")
    support.wait(page, "document.getElementById('unsent-total').textContent === '20'")
    page.keyboard.press("F6")
    # An undoing waits until what it undoes has been acknowledged.
    page.keyboard.press("F8")
    counter.expect_count(page, "received", 19)
    counter.scan(page, place.items[19])
    counter.expect_count(page, "received", 20)
    context.set_offline(False)
    counter.drained(page)
    assert len(place.events()) == 21 and len(place.events("corrected")) == 1
    batches = [[scan["type"] for scan in hostile.json.loads(body)["scans"]] for body in proxy.bodies]
    assert ["void"] in batches and not any("void" in batch and len(batch) > 1 for batch in batches), batches
    page.reload()
    counter.ready(page)
    counter.expect_count(page, "received", 20)

    # A second tab says that the first one holds the outbox, and takes over when that is gone.
    second = context.new_page()
    second.goto(page.url)
    counter.expect_word(second, "DỪNG")
    assert "thẻ khác" in second.locator("#verdict-detail").inner_text()
    counter.scan(second, place.items[20])
    second.locator("#held li").first.wait_for()
    assert len(counter.outbox(second)) == 0
    page.close()
    counter.ready(second)
    counter.expect_word(second, "SẴN SÀNG")
    counter.scan(second, place.items[20])
    counter.expect_count(second, "received", 21)
    second.locator("#held li").first.wait_for(state="hidden")
    counter.drained(second)

    # A clock that is ten minutes off stops the station until somebody has seen it, and the warning stays.
    proxy.skew = 600
    counter.scan(second, place.items[21])
    counter.expect_word(second, "DỪNG")
    assert "10 phút" in second.locator("#verdict-detail").inner_text()
    counter.scan(second, place.items[22])
    second.locator("#held li").first.wait_for()
    assert counter.count(second, "received") == 22, "what is scanned in a stop is not counted"
    second.keyboard.press("F9")
    counter.expect_word(second, "SẴN SÀNG")
    assert second.locator("#wrong-clock").is_visible()
    counter.scan(second, place.items[22])
    counter.expect_count(second, "received", 23)
    proxy.skew = 0
    counter.scan(second, place.items[23])
    second.locator("#wrong-clock").wait_for(state="hidden")
    counter.drained(second)

    # The session ends: the scans stay here, the page says so, and they are sent after signing in.
    context.clear_cookies()
    for item in place.items[24:27]:
        counter.scan(second, item)
    counter.expect_count(second, "received", 27)
    second.locator("#session-ended").wait_for()
    assert len(counter.outbox(second)) == 3
    context.add_cookies(session)
    second.evaluate("window.dispatchEvent(new Event('focus'))")
    counter.drained(second)
    second.locator("#session-ended").wait_for(state="hidden")
    items = [event["item"] for event in place.events()]
    assert sorted(set(items)) == sorted(place.items[:27]), items

    # A disk that takes nothing is a stop: nothing is claimed.
    second.evaluate("""() => {
      IDBObjectStore.prototype.add = () => { throw new DOMException('full', 'QuotaExceededError'); };
    }""")
    counter.scan(second, place.items[30])
    counter.expect_word(second, "DỪNG")
    assert counter.count(second, "received") == 27
    second.locator("#held li").first.wait_for()
    # Where the browser has no locks, as on plain HTTP, a row that is written again and again says which tab it is.
    context = place.context(chromium)
    context.add_init_script("Object.defineProperty(Navigator.prototype, 'locks', { value: undefined })")
    first = place.open(context)
    counter.scan(first, place.items[40])
    counter.expect_word(first, "ĐÃ NHẬN")
    second = context.new_page()
    second.goto(first.url)
    counter.expect_word(second, "DỪNG")
    assert "thẻ khác" in second.locator("#verdict-detail").inner_text()
    counter.drained(first)
    first.close()
    support.wait(second, "document.getElementById('verdict').dataset.state === 'idle'", timeout=60000)
    counter.scan(second, place.items[41])
    counter.expect_word(second, "ĐÃ NHẬN")
    counter.drained(second)
    assert {place.items[40], place.items[41]} <= {event["item"] for event in place.events()}
    print("network: offline, two tabs, clock, session, disk: nothing lost, nothing claimed")
