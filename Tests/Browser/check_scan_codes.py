"""Codes that a Vietnamese input method, a keyboard layout or a torn label has spoilt; repeats; codes of another kind."""

import time

import hostile
import scan_support as counter
import support

TYPED = support.ROOT / "Tests/Vectors/scanning/input-methods.txt"
# What Telex and VNI make of codes, as m17n's engines do.
MANGLED = ["Ê123456785VN", "ẸE6785VN", "É123456785VN", "R123456785VN", "KQƯ12", "HS-Đ"]


def put(page, text, at=None):
    """What an input method leaves in the field, and the reader's Enter, now or at a stated time."""
    page.evaluate("text => { const field = document.getElementById('code'); field.focus(); field.value = text; }", text)
    return counter.end(page, at or time.time())


def problems(page, number):
    """Waits until so many cards are pinned."""
    support.wait(page, "number => document.querySelectorAll('#problems li').length === number", arg=number)


with counter.Counter(items=60) as place, support.browser() as chromium:
    proxy = hostile.Proxy(place.station, moods=("pass",))
    page = place.open(place.context(chromium), proxy.address)
    page.keyboard.press("F9")

    # The rules by themselves: no pair of letters that Telex leaves is taken for another; no own code with a fault passes.
    told = page.evaluate("""async (codes) => {
      const rules = await import('/assets/codes.js');
      const known = { item: () => null, dossier: () => [], isManifest: () => false, withDigits: () => 0 };
      return codes.map((code) => [rules.isOwnCode(code), rules.read(code, known).kind]);
    }""", [counter.command("09"), counter.command("09")[:-1] + "0", "QL1O95", counter.own_code("QT12"), "EE120002480VN",
           "EE120002481VN", "]C1EE120002480VN", "\x1dee 120002480 vn", "BK-590110-260105-001", "H48.21-260105-0001"])
    assert told == [
        [True, "command"], [False, "damagedOwn"], [False, "damagedOwn"], [True, "station"], [False, "item"],
        [False, "badCheckDigit"], [False, "item"], [False, "item"], [False, "manifest"], [False, "dossier"]], told

    # What real input engines made of 345 numbers: each is refused or taken for what was printed, by the server's rules.
    typed = [line.split("\t") for line in TYPED.read_text().splitlines() if line.startswith(("telex", "vni", "viqr"))]
    read = page.evaluate("""async (texts) => {
      const rules = await import('/assets/codes.js');
      const known = { item: () => null, dossier: () => [], isManifest: () => false, withDigits: () => 0 };
      return texts.map((text) => rules.read(text, known));
    }""", [arrived for _, _, arrived in typed])
    assert len(typed) > 300
    for (engine, printed, arrived), code in zip(typed, read):
        taken = code["code"] if code["kind"] == "item" else None
        assert taken in (None, printed), (engine, printed, arrived, code)
        assert taken or code["kind"] in ("rewritten", "shortened"), (arrived, code)
        assert taken or engine != "telex" or arrived.isascii(), (arrived, code)

    # None of the mangled strings counts as received in silence: amber and marked, or refused and pinned.
    for text in MANGLED:
        received = counter.count(page, "received")
        put(page, text)
        problems(page, 1)
        page.wait_for_timeout(450)
        assert counter.count(page, "received") == received, text
        state = page.locator("#verdict").get_attribute("data-state")
        assert state == "wrong", (text, counter.word(page))
        page.keyboard.press("F9")
        problems(page, 0)
    counter.drained(page)
    assert page.locator("#input-method").is_visible()

    # One that is expected here is repaired, amber, and recorded as such.
    item = next(one for one in place.items if one.startswith("EE"))
    put(page, "Ê" + item[2:])
    counter.expect_word(page, "MÃ ĐƯỢC SỬA")
    counter.expect_count(page, "received", 1)
    counter.drained(page)
    repaired = [event for event in place.events() if event["item"] == item]
    assert [event["reason"] for event in repaired] == ["repaired"], repaired
    page.keyboard.press("F8")
    counter.expect_count(page, "received", 0)
    print("mangled strings: repaired with a warning or refused, none accepted in silence")

    # The calibration code names the fault.
    for arrived, said in [
        ("CAL ÂEOUDW Ê É R 0123456789", "Telex"), ("CAL AEOUDW EE ES RR 0123456789 Á Ê YZ", "VNI"),
        ("cal aeoudw ee es rr 0123456789", "Caps Lock"), ("CAL AEOUDW EE ES RR 012345678", "Mất ký tự"),
        ("CAL AEOUDW EE ES RR 0123456789 A1 E6 ZY", "QWERTZ"), ("CQL QEOUDZ EE ES RR à&é\"'(-è_ç", "AZERTY"),
    ]:
        put(page, arrived)
        counter.expect_word(page, "ĐẦU ĐỌC SAI")
        support.wait(page, "said => document.getElementById('verdict-detail').textContent.includes(said)", arg=said)
    counter.scan(page, "CAL AEOUDW EE ES RR 0123456789")
    counter.expect_word(page, "ĐẦU ĐỌC TỐT")
    assert page.locator("#input-method").is_hidden()

    # Control characters and the reader's own prefix are no part of a code; small letters are.
    taken = put(page, f"]C1{place.items[0].lower()}\x1d")
    counter.expect_count(page, "received", 1)
    # The same again at once: nothing. Later: amber with the first time; never a second event.
    counter.burst(page, place.items[0], at=taken + 0.1)
    page.wait_for_timeout(1900)
    assert counter.word(page) == "ĐÃ NHẬN", "a repeat at once changes nothing"
    counter.burst(page, place.items[0])
    counter.expect_word(page, "ĐÃ NHẬN RỒI")
    assert "GDV01" in page.locator("#verdict-detail").inner_text()

    # Another label of the same item, read in the same pull of the trigger, says nothing; later it does.
    taken = counter.burst(page, place.items[1])
    counter.expect_count(page, "received", 2)
    put(page, "4006381333931", taken + 0.2)
    page.wait_for_timeout(600)
    assert counter.word(page) == "ĐÃ NHẬN" and page.locator("#problems li").count() == 0
    put(page, "4006381333931")
    counter.expect_word(page, "SAI MÃ")
    assert page.locator("#problems li").count() == 1
    counter.scan(page, counter.command("09"))
    page.locator("#problems li").first.wait_for(state="hidden")

    # A wrong check digit is never taken; a dossier's code stands for the one item that carries it.
    wrong = place.items[2][:10] + str((int(place.items[2][10]) + 1) % 10) + "VN"
    page.wait_for_timeout(350)
    counter.scan(page, wrong)
    counter.expect_word(page, "SAI MÃ")
    page.keyboard.press("F9")
    counter.scan(page, place.dossiers[place.items[2]][0])
    counter.expect_count(page, "received", 3)
    counter.scan(page, "QC" + counter.own_code("QC12345")[2:])
    page.wait_for_timeout(350)

    # A torn label: the last four characters, and a choice.
    ending = place.items[3][9:11] + "VN"
    for character in ending:
        page.keyboard.press(character)
        page.wait_for_timeout(80)
    page.keyboard.press("Enter")
    page.locator("[data-panel=pick]").wait_for()
    shown = [text.split()[1] for text in page.locator("#pick-list li").all_inner_texts()]
    assert place.items[3] in shown, shown
    page.keyboard.press(str(shown.index(place.items[3]) + 1))
    counter.expect_count(page, "received", 4)

    # An item of another manifest is named with where it belongs; the verdict did not wait for that.
    over = counter.count(page, "over")
    counter.drained(page)
    proxy.hold()
    counter.scan(page, "EM473126665VN")
    counter.expect_word(page, "THỪA")
    assert "đang hỏi" in page.locator("#problems li").first.inner_text()
    proxy.release()
    support.wait(page, "document.getElementById('problems').textContent.includes('BK-590110-260105-001')")
    counter.expect_count(page, "over", over + 1)
    page.keyboard.press("F9")

    # Another manifest while this one is short stops everything; what is scanned then is set apart.
    counter.scan(page, "BK-590110-260105-001")
    counter.expect_word(page, "DỪNG")
    counter.scan(page, place.items[5])
    page.locator("#held li").first.wait_for()
    assert counter.count(page, "received") == 4
    page.keyboard.press("F9")
    counter.expect_word(page, "SẴN SÀNG")
    counter.scan(page, place.items[5])
    counter.expect_count(page, "received", 5)
    # A command of another screen does nothing.
    counter.scan(page, counter.own_code("QL208"))
    counter.expect_word(page, "LỆNH KHÔNG DÙNG Ở ĐÂY")
    assert counter.count(page, "received") == 5
    counter.drained(page)
    recorded = [event["item"] for event in place.events()]
    assert recorded == [item] + [place.items[position] for position in [0, 1, 2, 3, 5]], recorded
    assert not page.faults, page.faults
    print("codes: repeats, kinds, torn label, misrouted, other manifest")
