"""A bag that comes after its last day: amber and said so, counted all the same; by the server's clock, not the machine's."""

import scan_support as counter
import support

with counter.Counter(items=12, is_new=False) as place, support.browser() as chromium:
    page = place.open(place.context(chromium))
    page.keyboard.press("F9")
    counter.scan(page, place.items[0])
    counter.expect_word(page, "ĐÃ NHẬN · TRỄ HẠN")
    assert page.locator("#verdict").get_attribute("data-state") == "attention"
    detail = page.locator("#verdict-detail").inner_text()
    assert "ngày so với hạn" in detail and "/2026" in detail, detail
    # A repaired code stays the first thing to say.
    item = next(one for one in place.items[1:] if one.startswith("EE"))
    page.evaluate("text => { document.getElementById('code').value = text; }", "Ê" + item[2:])
    page.keyboard.press("Enter")
    counter.expect_word(page, "MÃ ĐƯỢC SỬA")
    assert "trễ" in page.locator("#verdict-detail").inner_text()
    counter.expect_count(page, "received", 2)
    counter.drained(page)
    assert len(place.events()) == 2
    assert not page.faults, page.faults
    print("late: said in amber, counted")

    # How late is told by days, from the first instant after the last day on.
    told = page.evaluate("""async () => {
      const { Bag } = await import('/assets/bag.js');
      const bag = new Bag({ items: [], lateFrom: '2026-01-20T00:00:00+07:00' });
      const at = (text) => bag.daysLate(Date.parse(text));
      return [at('2026-01-19T23:59:59+07:00'), at('2026-01-20T00:00:00+07:00'), at('2026-01-21T00:00:01+07:00'),
        new Bag({ items: [] }).daysLate(Date.now())];
    }""")
    assert told == [0, 1, 2, 0], told
