"""300 items at a reader's pace through a network that refuses a third and loses the answers of a third: the log has each
of them once. Then the station is killed in the middle of another bag."""

import signal

import hostile
import scan_support as counter
import support

with counter.Counter(items=300) as place, support.browser() as chromium:
    proxy = hostile.Proxy(place.station)
    page = place.open(place.context(chromium), proxy.address)
    assert counter.count(page, "received") == 0, "the count begins at zero"
    assert counter.count(page, "expected") == 300
    for position, item in enumerate(place.items):
        counter.scan(page, item, "Tab" if position % 7 == 3 else "Enter")
        page.wait_for_timeout(30)
        if position == 150:
            place.station.restart(signal.SIGKILL)
    counter.expect_count(page, "received", 300)
    counter.expect_count(page, "short", 0)
    counter.drained(page, timeout=120000)
    events = place.events()
    assert len(events) == 300, f"{len(events)} events for 300 scans"
    assert {event["item"] for event in events} == set(place.items)
    assert len({event["id"] for event in events}) == 300
    assert min(proxy.seen.values()) > 0, f"the network was not hostile enough: {proxy.seen}"
    times = counter.latencies(page)
    assert len(times) == 300
    assert not page.faults, page.faults
    support.dossier("audit", data=place.station.data)
    middle, late = times[150], times[285]
    print(f"300 scans, 300 events; requests {proxy.seen}; verdict after {middle:.1f} ms (p50), {late:.1f} ms (p95)")

    # The verdict waits for no answer: the network holds everything while the clerk goes on.
    proxy.hold()
    counter.scan(page, place.items[0])
    counter.expect_word(page, "ĐÃ NHẬN RỒI")
    assert page.locator("#waiting").inner_text() == "1"
    proxy.release()
    counter.drained(page)
    assert len(place.events()) == 300, "a second scan of an item makes no second event"
