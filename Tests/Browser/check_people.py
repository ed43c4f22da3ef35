"""People at the station in a real browser: sign in by keyboard, lock, unlock, change secrets; nothing shuts anybody out."""

import os
import re

import support

# Pictures to look at are kept where the caller says.
SHOTS = os.environ.get("SHOTS")
PAGES = ["/sign-in", "/shift", "/password", "/tokens", "/issued"]


def accessible(page, *addresses):
    for address in addresses:
        page.goto(address)
        for language in ("vi", "en"):
            page.goto(f"{address}{'&' if '?' in address else '?'}lang={language}")
            found = support.violations(page)
            assert not found, (address, language, found)


def picture(page, name):
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def sign_in_by_keyboard(page, code, password=support.PASSWORD):
    """The code's field has the focus; nothing but keys."""
    support.wait(page, "document.activeElement.id === 'code'")
    page.keyboard.type(code)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")


with support.Station() as station, support.browser() as chromium:
    # Nobody has an account: the page says how the first one is made.
    page = support.context(chromium, station).new_page()
    page.goto("/sign-in")
    assert "dossier people add" in page.content()
    assert not support.violations(page)

    station.person("GDV01", "clerk")
    station.person("QT01", "administrator")

    # A page that needs somebody leads to the door, and the door back to it.
    page.goto("/shift")
    assert page.url.endswith("/sign-in?next=/shift"), page.url
    assert page.evaluate("document.activeElement.id") == "code"
    sign_in_by_keyboard(page, "gdv01", "sai mật khẩu rồi nhé")
    page.wait_for_selector("[role=alert]")
    assert page.get_by_role("alert").inner_text().startswith("Mã nhân viên, mật khẩu")
    assert page.evaluate("document.activeElement.id") == "password"
    picture(page, "signin")
    page.keyboard.type(support.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/shift")
    assert "GDV01 Người GDV01" in page.locator(".who").inner_text()

    # The cookie is the browser's alone.
    cookie = next(found for found in page.context.cookies() if found["name"] == "dossier")
    assert cookie["httpOnly"] and cookie["sameSite"] == "Strict" and len(cookie["value"]) == 64, cookie
    assert page.evaluate("document.cookie") == ""

    accessible(page, *PAGES)

    # The shift, with the keyboard.
    page.goto("/shift?lang=vi")
    page.get_by_role("button", name="Mở ca").press("Enter")
    page.wait_for_selector("text=Ca của bạn mở từ")
    picture(page, "shift")
    page.get_by_role("button", name="Đóng ca").press("Enter")
    page.wait_for_selector("text=Bạn chưa mở ca")

    # Locked: every page asks for the PIN, the API says so in words that a script understands.
    page.get_by_role("button", name="Khóa ngay").press("Enter")
    page.wait_for_url("**/unlock?next=/shift")
    assert not support.violations(page)
    assert page.evaluate("document.activeElement.id") == "pin"
    answer = page.evaluate("fetch('/v1/session').then(async r => [r.status, (await r.json()).locked])")
    assert answer == [200, True], answer
    picture(page, "unlock")
    page.keyboard.type("000001")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert]")
    assert not support.violations(page)
    page.keyboard.type(support.PIN)
    page.keyboard.press("Enter")
    page.wait_for_url("**/shift")

    # The same from a script that stays on its page.
    unlocked = page.evaluate(
        """async pin => {
          const json = { "content-type": "application/json" };
          await fetch("/v1/session/lock", { method: "POST", headers: json });
          const problem = (await (await fetch("/v1/manifests/X/session")).json()).code;
          const answer = await fetch(
            "/v1/session/unlock", { method: "POST", headers: json, body: JSON.stringify({ pin }) });
          return [problem, answer.status, (await answer.json()).locked];
        }""", support.PIN)
    assert unlocked == ["D-7031", 200, False], unlocked

    # A form to what is another site for the browser: its own policies and SameSite keep the request, or the cookie, away.
    # What the station does with a cookie that comes along all the same is tested in RequestGuardTests.
    foreign = page.evaluate(
        """url => fetch(url, { method: "POST", mode: "no-cors", body: new URLSearchParams({ a: 1 }) })
          .then(r => r.status, () => "blocked")""", station.address.replace("127.0.0.1", "localhost") + "/sign-out")
    page.goto("/shift")
    assert page.url.endswith("/shift"), (foreign, page.url)

    # A token is shown once.
    page.goto("/tokens")
    page.get_by_label("Dùng cho chương trình nào").fill("máy quét <b>kho</b>")
    page.get_by_label("xem", exact=True).check()
    page.get_by_role("button", name="Tạo token").click()
    page.wait_for_url("**/issued")
    assert re.fullmatch(r"dossier_[0-9a-f]{8}_[0-9a-f]{64}", page.locator(".secret").inner_text())
    assert not support.violations(page)
    page.reload()
    assert page.locator(".secret").count() == 0
    accessible(page, "/tokens")
    assert "<b>kho</b>" in page.locator("table").inner_text()

    # The administrator gives out an account; its owner must choose other secrets first.
    boss = support.context(chromium, station, "administrator", code="QT01").new_page()
    boss.goto("/people?lang=vi")
    boss.get_by_label("Mã nhân viên").fill("GDV77")
    boss.get_by_label("Tên hiển thị").fill("Đỗ <script>alert(1)</script>")
    boss.get_by_label("Mã đơn vị").fill("H48.25")
    boss.get_by_role("button", name="Thêm").click()
    boss.wait_for_url("**/issued")
    password, pin = (boss.locator(".secret").nth(n).inner_text() for n in (0, 1))
    picture(boss, "issued")
    accessible(boss, "/people", "/people/GDV77", "/people/QT01")
    boss.goto("/people?lang=vi")
    picture(boss, "people")
    boss.goto("/people/GDV77")
    picture(boss, "account")
    # Refused without losing what was typed.
    boss.goto("/people?lang=vi")
    boss.get_by_label("Mã nhân viên").fill("gdv77")
    boss.get_by_label("Tên hiển thị").fill("Ai đó")
    boss.get_by_label("Mã đơn vị").fill("H48.25")
    boss.get_by_role("button", name="Thêm").click()
    assert "Đã có tài khoản gdv77" in boss.get_by_role("alert").inner_text()
    assert boss.get_by_label("Tên hiển thị").input_value() == "Ai đó"
    assert not support.violations(boss)

    fresh = support.context(chromium, station).new_page()
    fresh.goto("/sign-in?next=//evil.example/")
    sign_in_by_keyboard(fresh, "GDV77", password)
    fresh.wait_for_url(station.address + "/", wait_until="commit")
    fresh.goto("/shift")
    assert "/password?next=/shift" in fresh.url, fresh.url
    assert not support.violations(fresh)
    picture(fresh, "password")
    for text in (password, "năm con gà trống gáy", "năm con gà trống gáy", "864209"):
        fresh.keyboard.type(text)
        fresh.keyboard.press("Tab")
    fresh.get_by_role("button", name="Đổi").press("Enter")
    fresh.wait_for_url("**/shift")

    # Disabled while he works: the next page is the door.
    boss.goto("/people/GDV77")
    boss.get_by_role("button", name="Khóa tài khoản").click()
    boss.wait_for_selector("text=Mở lại tài khoản")
    fresh.goto("/shift")
    assert "/sign-in" in fresh.url, fresh.url
    print("people: sign-in, lock, tokens, accounts by keyboard; 0 violations")
