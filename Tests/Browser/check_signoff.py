"""Two people sign in a real browser, by keyboard and without script; nothing on the pages shuts anybody out."""

import support

MANIFEST = "BK-590230-260112-001"
SIGN = f"/manifests/{MANIFEST}/sign"


def sign(page, side, code, pin=support.PIN):
    page.goto(SIGN)
    page.locator(f"#by-{side}").fill(code)
    page.keyboard.press("Tab")
    page.keyboard.type(pin)
    page.keyboard.press("Enter")


def check(page, name, station):
    found = support.violations(page)
    assert not found, (name, found)
    page.screenshot(path=str(station.folder / f"{name}.png"), full_page=True)


with support.Station() as station, support.browser() as chromium:
    station.person("GDV-080", "clerk", "590230")
    support.dossier(
        "receive", MANIFEST, "--scans", support.SAMPLES / f"scans/{MANIFEST}.txt", "--by", "GDV01", data=station.data)
    with support.context(chromium, station, role="clerk") as session:
        page = session.new_page()
        sign(page, "receiver", "GDV01", "000000")
        # A wrong PIN is said on the page, where it can be put right.
        assert "D-7030" in page.locator("[role=alert]").inner_text()
        check(page, "wrong", station)
        # The giver's clerk cannot sign for the receiver.
        sign(page, "receiver", "GDV-080")
        assert "D-7052" in page.locator("[role=alert]").inner_text()
        sign(page, "receiver", "GDV01")
        page.wait_for_url("**" + SIGN)
        assert "GDV01 đã ký" in page.locator("#side-receiver ~ .accepted").inner_text()
        assert page.locator("#pin-receiver").count() == 0 and page.locator("#pin-giver").count() == 1
        check(page, "signed", station)
        # A station that is killed has not forgotten it.
        station.restart()
        page.goto(SIGN + "?lang=en")
        assert "GDV01 signed" in page.locator("#side-receiver ~ .accepted").inner_text()
        page.goto(f"/manifests/{MANIFEST}/record?lang=vi")
        assert "DỰ THẢO, CHƯA KÝ" in page.locator("main").inner_text()
        check(page, "draft", station)
    with support.context(chromium, station, role="clerk", java_script_enabled=False) as session:
        page = session.new_page()
        sign(page, "giver", "GDV01")
        assert "D-7052" in page.locator("[role=alert]").inner_text()
        sign(page, "giver", "GDV-080")
        page.wait_for_url(f"**/manifests/{MANIFEST}/record")
        assert "GDV-080" in page.locator("main .signatures").inner_text()
    with support.context(chromium, station, role="clerk") as session:
        page = session.new_page()
        page.goto(SIGN)
        assert "bên giao GDV-080, bên nhận GDV01" in page.locator("main").inner_text()
        check(page, "closed", station)
        page.goto(f"/manifests/{MANIFEST}/record")
        check(page, "record", station)
        status, kind, length = page.evaluate("""async () => {
          const form = document.querySelector('.actions form');
          const answer = await fetch(form.action, {method: 'POST', body: new URLSearchParams(new FormData(form))});
          return [answer.status, answer.headers.get('content-type'), (await answer.arrayBuffer()).byteLength];
        }""")
        assert (status, kind) == (200, "application/pdf") and length > 10_000, (status, kind, length)
        page.reload()
        assert "đã in 1 lần" in page.locator(".actions").inner_text()
    assert support.dossier("audit", "--format", "json", data=station.data).count('"severity": "error"') == 0
    print("sign-off: 0 violations")
