#!/usr/bin/env python3
"""Writes SampleData: January 2026 in the invented province Sông Trà.

    Scripts/make-sample-data.py            write the files again
    Scripts/make-sample-data.py --check    compare them with what would be written

Needs nothing but Python 3.9. The same files come out on every machine, except that a `.gz` may be packed
differently by another zlib; `--check` compares what is inside. `offices.csv` is an input: it is what
`dossier sample` writes, and a test compares the two.
"""
import csv
import gzip
import io
import sys
import unicodedata
from datetime import date, datetime, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parent.parent / "SampleData"
MANIFEST = "urn:postal-dossier:manifest:1"
EVENTS = "urn:postal-dossier:events:1"
TRACKING = "590900"


class Draw:
    """SplitMix64: the random module does not promise the same choices in every version."""

    def __init__(self, seed):
        self.state = seed

    def below(self, bound):
        mask = (1 << 64) - 1
        self.state = (self.state + 0x9E3779B97F4A7C15) & mask
        z = self.state
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & mask
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB & mask
        return ((z ^ (z >> 31)) * bound) >> 64

    def pick(self, values):
        return values[self.below(len(values))]


draw = Draw(20260105)

# --- people, places, procedures: common words put together at random --------------------------------------

FAMILIES = ["Nguyễn"] * 8 + ["Trần"] * 3 + ["Lê"] * 3 + ["Phạm"] * 2 + [
    "Huỳnh", "Võ", "Phan", "Đặng", "Bùi", "Đỗ", "Hồ", "Trương", "Đinh", "Lương"]
MEN = (["Văn", "Đức", "Hữu", "Minh", "Quang", "Ngọc"], ["Hùng", "Dũng", "Sơn", "Bình", "Phúc", "Tâm", "Lộc", "Nghĩa"])
WOMEN = (["Thị", "Ngọc", "Thu", "Kim", "Bích"], ["Lan", "Hương", "Thảo", "Nhung", "Yến", "Hạnh", "Oanh", "Xuân"])
VILLAGES = ["An Bình", "An Thạnh", "Phú Lộc", "Đông Mỹ", "Tân Hội", "Mỹ Khánh", "Vạn An", "Xuân Hòa"]
STREETS = ["Hoa Sen", "Bằng Lăng", "Bến Đò", "Cầu Đúc", "số 2", "số 7"]
# Of the form of a mobile number, of ranges given to no operator: nobody is called by mistake.
PHONES = ["0510", "0530", "0541", "0571", "0720", "0740"]

FORM, CERTIFIED, COPY = (1, 0, 0), (0, 1, 0), (0, 0, 1)
# code: field, resolving agency (None: the commune), working days, fee, documents in, documents out
PROCEDURES = {
    "1.001193": ("Hộ tịch", None, 2, 0,
                 [("Tờ khai đăng ký khai sinh", FORM), ("Giấy chứng sinh", FORM),
                  ("Giấy chứng nhận kết hôn của cha mẹ", COPY)],
                 [("Giấy khai sinh", FORM)]),
    "2.000635": ("Hộ tịch", None, 2, 8000,
                 [("Tờ khai cấp bản sao trích lục hộ tịch", FORM), ("Căn cước công dân", COPY)],
                 [("Bản sao trích lục hộ tịch", (2, 0, 0)), ("Biên lai thu phí, lệ phí", COPY)]),
    "2.000815": ("Chứng thực", None, 2, 20000,
                 [("Bản chính cần chứng thực", FORM), ("Bản sao cần chứng thực", (0, 0, 3))],
                 [("Bản chính", FORM), ("Bản sao đã chứng thực", (0, 3, 0))]),
    "1.012796": ("Đất đai", "H48.12", 8, 100000,
                 [("Đơn đăng ký biến động đất đai", FORM), ("Giấy chứng nhận đã cấp", FORM),
                  ("Hợp đồng chuyển nhượng quyền sử dụng đất", CERTIFIED)],
                 [("Giấy chứng nhận đã chỉnh lý biến động", FORM), ("Biên lai thu phí, lệ phí", COPY)]),
    "1.001776": ("Bảo trợ xã hội", None, 10, 0,
                 [("Tờ khai đề nghị trợ giúp xã hội", FORM), ("Giấy xác nhận khuyết tật", COPY)],
                 [("Quyết định trợ cấp xã hội hằng tháng", FORM)]),
    "1.009994": ("Hoạt động xây dựng", None, 15, 75000,
                 [("Đơn đề nghị cấp giấy phép xây dựng", FORM), ("Giấy tờ về quyền sử dụng đất", CERTIFIED),
                  ("Bản vẽ thiết kế xây dựng", (2, 0, 0))],
                 [("Giấy phép xây dựng nhà ở riêng lẻ", FORM)]),
    "2.000488": ("Lý lịch tư pháp", "H48.02", 6, 200000,
                 [("Tờ khai yêu cầu cấp Phiếu lý lịch tư pháp", FORM), ("Căn cước công dân", COPY)],
                 [("Phiếu lý lịch tư pháp số 1", FORM)]),
    "1.013259": ("Đường bộ", "H48.05", 5, 115000,
                 [("Đơn đề nghị đổi giấy phép lái xe", FORM), ("Giấy khám sức khỏe của người lái xe", FORM),
                  ("Giấy phép lái xe đã cấp", COPY)],
                 [("Giấy phép lái xe", FORM)]),
    "1.002759": ("Bảo hiểm xã hội", "H48.11", 5, 0,
                 [("Tờ khai tham gia, điều chỉnh thông tin", FORM), ("Sổ bảo hiểm xã hội", FORM)],
                 [("Sổ bảo hiểm xã hội cấp lại", FORM)]),
}
COMMUNE = ["1.001193", "2.000635", "2.000815", "1.012796", "1.001776", "1.009994"]
PROVINCE = ["2.000488", "1.013259", "1.002759"]

OFFICES = {row["code"]: row for row in csv.DictReader((ROOT / "offices.csv").open(encoding="utf-8", newline=""))}


def person():
    middle, given = WOMEN if draw.below(100) < 52 else MEN
    return f"{draw.pick(FAMILIES)} {draw.pick(middle)} {draw.pick(given)}"


def place(center):
    """A house in the commune of this center (any commune for the provincial one)."""
    if center == "H48.20":
        center = f"H48.{21 + draw.below(20)}"
    title = OFFICES[center]["name"].removeprefix("Trung tâm Phục vụ hành chính công ")
    if title.startswith("phường"):
        house = f"Số {1 + draw.below(240)} đường {draw.pick(STREETS)}, tổ dân phố {1 + draw.below(15)}"
    else:
        house = f"Thôn {draw.pick(VILLAGES)}"
    return f"{house}, {title}, tỉnh Sông Trà"


def workdays_after(day, count):
    """Working days of January and February 2026: Saturday 10 January is made up, Tết is 16-20 February."""
    while count > 0:
        day += timedelta(days=1)
        tet = date(2026, 2, 16) <= day <= date(2026, 2, 20)
        count -= day == date(2026, 1, 10) or (day.weekday() < 5 and not tet)
    return day


def at(day, time):
    """An instant of January 2026."""
    hours, minutes, seconds = (time + ":00").split(":")[:3]
    return datetime(2026, 1, day, int(hours), int(minutes), int(seconds))


def iso(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S+07:00")


def s10(prefix, serial):
    """UPU S10: weights 8 6 4 2 3 5 9 7."""
    check = 11 - sum(int(d) * w for d, w in zip(f"{serial:08}", (8, 6, 4, 2, 3, 5, 9, 7))) % 11
    return f"{prefix}{serial:08}{ {10: 0, 11: 5}.get(check, check) }VN"


# --- dossiers, items, manifests --------------------------------------------------------------------------


class Dossier:
    counters = {}

    def __init__(self, center, received, procedure=None):
        key = (center, received)
        Dossier.counters[key] = Dossier.counters.get(key, 0) + 1
        self.code = f"{center}-{received:%y%m%d}-{Dossier.counters[key]:04}"
        self.procedure = procedure or draw.pick(PROVINCE if center == "H48.20" else COMMUNE)
        self.field, agency, term, self.fee, self.documents, self.results = PROCEDURES[self.procedure]
        self.agency = agency or center
        self.applicant = person()
        self.received, self.due = received, workdays_after(received, term)


class Item:
    serials = {}

    def __init__(self, office, accepted, dossiers, contact=True):
        # Each office tears its labels off its own roll.
        roll = Item.serials.setdefault(office, [47_310_000 + 1000 * list(OFFICES).index(office) + draw.below(900)])
        roll[0] += 1
        self.number = s10("EM" if draw.below(3) == 0 else "RM", roll[0])
        self.accepted, self.dossiers = accepted, dossiers
        self.weight = 20 + sum(30 + draw.below(90) for _ in dossiers)
        self.condition = "good"
        self.contact = (dossiers[0].applicant, f"{draw.pick(PHONES)}{draw.below(10**6):06}",
                        place(dossiers[0].code[:6])) if contact else None
        self.container = 1


class Manifest:
    seals = 91_233

    def __init__(self, number, leg, giver, receiver, dispatched, items, per_bag=12):
        self.number, self.leg, self.giver, self.receiver = number, leg, giver, receiver
        self.dispatched, self.items = dispatched, items
        self.person = (("GDV-" if OFFICES[giver]["kind"] == "post" else "CV-") + f"{draw.below(90) + 1:03}", person())
        self.bags = []
        for index, item in enumerate(items):
            item.container = index // per_bag + 1
        for bag in range(1, (len(items) - 1) // per_bag + 2):
            Manifest.seals += 1
            self.bags.append((f"T-{bag:04}", f"VN{Manifest.seals:07}"))

    def xml(self, encoding="UTF-8"):
        dossiers = sum(len(item.dossiers) for item in self.items)
        out = [f'<?xml version="1.0" encoding="{encoding}"?>',
               f'<manifest xmlns="{MANIFEST}" version="1" number="{self.number}" leg="{self.leg}"'
               f' dispatchedAt="{iso(self.dispatched)}">',
               f'  <giver office="{self.giver}"><person code="{self.person[0]}">{self.person[1]}</person></giver>',
               f'  <receiver office="{self.receiver}"/>',
               "  <containers>"]
        out += [f'    <container number="{bag}" seal="{seal}"/>' for bag, seal in self.bags]
        out += ["  </containers>",
                f'  <declared items="{len(self.items)}" dossiers="{dossiers}"'
                f' weight="{sum(item.weight for item in self.items)}"/>',
                "  <items>"]
        for item in self.items:
            out += self.item_xml(item)
        return "\n".join(out + ["  </items>", "</manifest>", ""])

    def item_xml(self, item):
        out = [f'    <item number="{item.number}" container="T-{item.container:04}">',
               f"      <acceptedAt>{iso(item.accepted)}</acceptedAt><weight>{item.weight}</weight>"
               f"<condition>{item.condition}</condition>"]
        if item.contact:
            role = "recipient" if self.leg == "result" else "sender"
            name, phone, address = map(escape, item.contact)
            out.append(f"      <{role}><name>{name}</name><phone>{phone}</phone>"
                       f"<address>{address}</address></{role}>")
        fee = sum(dossier.fee for dossier in item.dossiers)
        if self.leg == "intake" and fee:
            out.append(f"      <fee>{fee}</fee>")
        for dossier in item.dossiers:
            result = f"<result>{self.dispatched:%Y-%m-%d}</result>" if self.leg == "result" else ""
            out += [f'      <dossier code="{dossier.code}" procedure="{dossier.procedure}">',
                    f"        <field>{dossier.field}</field><agency>{dossier.agency}</agency>"
                    f"<applicant>{escape(dossier.applicant)}</applicant>"
                    f"<received>{dossier.received}</received><due>{dossier.due}</due>{result}"]
            for name, (originals, certified, copies) in dossier.results if self.leg == "result" else dossier.documents:
                out.append(f'        <document originals="{originals}" certifiedCopies="{certified}"'
                           f' photocopies="{copies}">{escape(name)}</document>')
            out.append("      </dossier>")
        return out + ["    </item>"]


def intake(post, center, day, sizes, time="15:30", leg="intake"):
    """Items that a post office accepted in the morning and hands to a center; `sizes` are dossiers an item."""
    items = []
    for index, size in enumerate(sizes):
        accepted = at(day, "07:35") + timedelta(minutes=11 * index + draw.below(9), seconds=draw.below(60))
        dossiers = [Dossier(center, date(2026, 1, day)) for _ in range(size)]
        items.append(Item(post, accepted, dossiers))
    return Manifest(f"BK-{post}-2601{day:02}-001", leg, post, center, at(day, time), items)


def result(center, post, day, envelopes, time="15:45"):
    """Results that a center hands to the post; `envelopes` are lists of dossiers."""
    items = [Item(center, at(day, "13:40") + timedelta(minutes=7 * index, seconds=draw.below(60)), dossiers)
             for index, dossiers in enumerate(envelopes)]
    return Manifest(f"BK-{center}-2601{day:02}-001", "result", center, post, at(day, time), items)


def of(manifest, *positions):
    """All dossiers of these items (from 1), one envelope each."""
    return [[dossier] for position in positions for dossier in manifest.items[position - 1].dossiers]


def filed_at_counter(center, day, count, procedure=None):
    return [[Dossier(center, date(2026, 1, day), procedure)] for _ in range(count)]


# --- the story -------------------------------------------------------------------------------------------

hai_mon = intake("590210", "H48.24", 5, [1, 2, 1, 1, 3, 1, 2, 1])
cam_sa = intake("590110", "H48.21", 5, [1, 1, 2, 1, 1])
binh_lang = intake("590330", "H48.27", 6, [1, 5, 1])
provincial = intake("590100", "H48.20", 7, [1, 1, 2, 1, 1, 1, 3, 1, 1, 1, 2, 1, 1, 1])
supplement = intake("590520", "H48.32", 8, [1, 1, 1], leg="supplement")
loc_thuong = intake("590230", "H48.25", 12, [1, 1, 2, 1, 1, 1, 3, 1, 1, 2, 1, 1, 1, 1, 4, 1, 1, 2, 1, 1, 1, 2, 1, 1, 1])
long_thuong = intake("590820", "H48.39", 19, [1, 2, 1, 1])
hai_mon_back = result("H48.24", "590210", 9, of(hai_mon, 1, 2, 3) + filed_at_counter("H48.24", 6, 2, "2.000635"))
circulation = Manifest(
    "BK-H48.25-260113-001", "circulation", "H48.25", "H48.12", at(13, "10:15"),
    [Item("H48.25", at(13, "09:05") + timedelta(minutes=6 * index), [Dossier("H48.25", date(2026, 1, 12), "1.012796")],
          contact=False) for index in range(3)])
cam_sa_back = result("H48.21", "590110", 14, of(cam_sa, 1, 2, 3, 4) + filed_at_counter("H48.21", 8, 5))
provincial_back = result("H48.20", "590100", 15, of(provincial, 1, 2, 3, 4, 6) + filed_at_counter("H48.20", 8, 3))
binh_lang_back = result("H48.27", "590330", 16, of(binh_lang, 1, 3) + filed_at_counter("H48.27", 9, 2))
MANIFESTS = [hai_mon, cam_sa, binh_lang, provincial, supplement, loc_thuong, long_thuong, hai_mon_back, circulation,
             cam_sa_back, provincial_back, binh_lang_back]

feed = []
steps = {}


def event(item, kind, moment, office, operator, reason=None, damage=None, reference=None, note=None, number=None,
          **more):
    """Adds an event of an item to the story; its identifier is the item's first number and a running number."""
    steps[item.number] = steps.get(item.number, 0) + 1
    identifier = f"{item.number}-{steps[item.number]:02}"
    head = f'  <event id="{identifier}" kind="{kind}" item="{number or item.number}" at="{iso(moment)}"'
    head += f' office="{office}" grade="{more.pop("grade", "declared")}" operator="{operator}"'
    for name in ("to", "manifest", "deviceTime", "corrects", "newNumber", "amount"):
        if name in more:
            head += f' {name}="{more.pop(name)}"'
    assert not more, more
    children = f"<reason>{reason}</reason>" if reason else ""
    if damage:
        children += f'<damage grade="{damage[0]}" documents="{damage[1]}"/>'
    children += f"<reference>{reference}</reference>" if reference else ""
    children += f"<note>{escape(note)}</note>" if note else ""
    feed.append((moment, f"{head}>{children}</event>" if children else f"{head}/>"))
    return identifier


def evidence(moment):
    evidence.count += 1
    return f"PDA-{moment:%y%m%d}-{evidence.count:06}"


evidence.count = 0


def bring(manifest, day, skip=(), time="07:40"):
    """The postman takes the bag to the center, whose officer receives and signs for each item."""
    for index, item in enumerate(manifest.items, 1):
        if index in skip:
            continue
        leave = at(day, time) + timedelta(seconds=20 * index)
        event(item, "outForDelivery", leave, manifest.giver, "BT-007")
        sign(item, manifest, leave + timedelta(minutes=52, seconds=9 * index))


def sign(item, manifest, moment, officer="CV-031"):
    event(item, "received", moment, manifest.receiver, officer)
    moment += timedelta(minutes=14)
    event(item, "delivered", moment, manifest.receiver, officer, reference=evidence(moment))


def collect(manifest, skip=()):
    """The post scans what the center hands over, half an hour after the manifest."""
    for index, item in enumerate(manifest.items, 1):
        if index not in skip:
            event(item, "received", manifest.dispatched + timedelta(minutes=31, seconds=7 * index), manifest.receiver,
                  "GDV-012")


def take_out(item, office, day, minutes=0, number=None):
    leave = at(day, "07:50") + timedelta(minutes=minutes)
    event(item, "outForDelivery", leave, office, "BT-019", number=number)
    return leave + timedelta(minutes=75 + draw.below(90), seconds=draw.below(60))


def deliver(item, office, day, minutes=0, number=None):
    moment = take_out(item, office, day, minutes, number)
    event(item, "delivered", moment, office, "BT-019", reference=evidence(moment), number=number)


# 5-7 January: two plain days, and one item that arrives at the wrong center.
bring(hai_mon, 6)
stray = cam_sa.items[4]
bring(cam_sa, 6, skip=[5])
event(stray, "outForDelivery", at(6, "07:41:40"), "590110", "BT-007")
event(stray, "surplus", at(6, "08:47"), "H48.20", "CV-002",
      note="Bưu gửi của phường Cẩm Sa lẫn trong túi của trung tâm tỉnh")
event(stray, "received", at(6, "08:49"), "H48.20", "CV-002")
event(stray, "dispatched", at(6, "13:30"), "H48.20", "CV-002", to="H48.21")
sign(stray, cam_sa, at(6, "15:12"))
bring(binh_lang, 7)

# 8 January: one item short in the provincial bag, one wet, one wrong scan that is taken back.
short, wet, mistaken = (provincial.items[index] for index in (8, 11, 13))
bring(provincial, 8, skip=[9, 12, 14])
event(short, "missing", at(8, "09:20"), "H48.20", "CV-002", reason="notInContainer", manifest=provincial.number)
event(wet, "outForDelivery", at(8, "07:44"), "590100", "BT-007")
event(wet, "received", at(8, "08:36"), "H48.20", "CV-002")
event(wet, "damaged", at(8, "08:38"), "H48.20", "CV-002", damage=("readable", 1),
      note="Phong bì ướt mép, một tờ khai nhăn, còn đọc được")
event(wet, "delivered", at(8, "08:55"), "H48.20", "CV-002", reference=evidence(at(8, "08:55")))
event(mistaken, "outForDelivery", at(8, "07:45"), "590100", "BT-007")
wrong = event(mistaken, "received", at(8, "08:37"), "H48.21", "CV-031", note="Chọn nhầm đơn vị trên phần mềm")
event(mistaken, "corrected", at(8, "09:02"), "H48.20", "CV-002", reason="incorrect_data", corrects=wrong)
sign(mistaken, provincial, at(8, "08:37"), "CV-002")
bring(supplement, 9)

# 9-16 January: results go home. One is scanned as delivered by mistake, one is never at home.
collect(hai_mon_back)
deliver(hai_mon_back.items[0], "590210", 10)
deliver(hai_mon_back.items[1], "590210", 10, 3)
neighbour = hai_mon_back.items[2]
moment = take_out(neighbour, "590210", 10, 6)
wrong = event(neighbour, "delivered", moment, "590210", "BT-019", reference=evidence(moment))
event(neighbour, "corrected", at(10, "16:20"), "590210", "GDV-012", reason="did_not_occur", corrects=wrong,
      note="Bưu tá quét nhầm bưu gửi của hộ bên cạnh")
deliver(neighbour, "590210", 12)
away = hai_mon_back.items[3]
for day, reason in ((10, "absent"), (12, "unreachable"), (13, "absent")):
    event(away, "attemptFailed", take_out(away, "590210", day, 9), "590210", "BT-019", reason=reason)
event(away, "held", at(13, "16:10"), "590210", "GDV-012", reason="awaitingCollection")
event(away, "returned", at(27, "08:30"), "590210", "GDV-012", reason="unclaimed")
for item in hai_mon_back.items[4:]:
    deliver(item, "590210", 12, 12)
for item in circulation.items:
    event(item, "received", at(13, "14:05"), "H48.12", "CV-077")

# 14-28 January: the short item is declared lost, and turns up behind a conveyor.
event(short, "lost", at(14, "15:00"), "590100", "GDV-003", reference="QDTL-2026-0007")
event(short, "found", at(20, "09:40"), "590100", "KT-004", note="Tìm thấy sau băng chuyền khi bảo dưỡng")
event(short, "outForDelivery", at(21, "07:45"), "590100", "BT-007")
sign(short, provincial, at(21, "08:31"), "CV-002")
event(provincial_back.items[6], "missing", at(15, "16:40"), "590100", "GDV-003", reason="notInContainer",
      manifest=provincial_back.number)
event(provincial_back.items[6], "lost", at(26, "10:00"), "H48.20", "CV-002", reference="QDTL-2026-0011", reason="loss")
collect(provincial_back, skip=[7])
offline = provincial_back.items[7]
for index, item in enumerate(provincial_back.items):
    if index not in (6, 7):
        deliver(item, "590100", 16, 2 * index)
take_out(offline, "590100", 16, 16)
collect(binh_lang_back)
torn = binh_lang_back.items[1]
new_number = s10("RM", 47_399_001)
event(torn, "relabelled", at(16, "17:02"), "590330", "GDV-012", newNumber=new_number, note="Nhãn rách, dán nhãn mới")
deliver(binh_lang_back.items[0], "590330", 17)
deliver(torn, "590330", 17, 3, number=new_number)
moment = take_out(binh_lang_back.items[2], "590330", 17, 6)
event(binh_lang_back.items[2], "attemptFailed", moment, "590330", "BT-019", reason="rescheduled")
deliver(binh_lang_back.items[2], "590330", 19)
deliver(binh_lang_back.items[3], "590330", 17, 9)

FEEDS = {}
for name, first, last in (("feed-20260112", 5, 11), ("feed-20260119", 12, 18), ("feed-20260131", 19, 31)):
    # A stable sort: events of one instant stay in the order in which they happened.
    FEEDS[name] = [line for moment, line in sorted(feed, key=lambda entry: entry[0]) if first <= moment.day <= last]

# A postman without signal on 16 January; his device, four minutes fast, sends on the 29th. It also sends its day's
# first scan once more, which is harmless.
again = next(line for _, line in feed if f'id="{offline.number}-02"' in line)
feed.clear()
event(offline, "attemptFailed", at(16, "09:35:20"), "590100", "BT-019", reason="absent", grade="observed",
      deviceTime=iso(at(16, "09:39:21")))
event(offline, "delivered", at(16, "16:48:05"), "590100", "BT-019", reference=evidence(at(16, "16:48:05")),
      grade="observed", deviceTime=iso(at(16, "16:52:07")))
FEEDS["late-offline"] = [again] + [line for _, line in feed]

# Fees go with the dossiers: taken at the counter that accepts the item, handed on when the bag is handed over. One is
# still to be collected, one bag's money is still with the post, and one amount was typed wrong and taken back.
feed.clear()
for manifest in (hai_mon, cam_sa, binh_lang, provincial, loc_thuong, long_thuong):
    for item in manifest.items:
        fee = sum(dossier.fee for dossier in item.dossiers)
        if not fee or item is provincial.items[4]:
            continue
        taken = item.accepted + timedelta(minutes=2)
        if item is cam_sa.items[1]:
            wrong = event(item, "feeCollected", taken, manifest.giver, "GDV-012", amount=10 * fee)
            event(item, "corrected", taken + timedelta(minutes=3), manifest.giver, "GDV-012", corrects=wrong,
                  reason="incorrect_data")
            taken += timedelta(minutes=4)
        event(item, "feeCollected", taken, manifest.giver, "GDV-012", amount=fee)
        if manifest is not long_thuong:
            event(item, "feeRemitted", manifest.dispatched + timedelta(hours=20), manifest.giver, "BT-007", amount=fee)
FEEDS["fees-20260131"] = [line for moment, line in sorted(feed, key=lambda entry: entry[0])]


# --- what must not get in --------------------------------------------------------------------------------


def wrong_in_every_rule():
    """Right in shape, wrong in almost every rule."""
    items = [Item("590110", at(21, "08:00") + timedelta(minutes=9 * index), [Dossier("H48.21", date(2026, 1, 21))])
             for index in range(6)]
    manifest = Manifest("BK-590110-260121-001", "intake", "590110", "590110", at(21, "15:30"), items)
    manifest.bags.append(("T-0001", "VN0091300"))
    manifest.bags.append(("T-0002", manifest.bags[0][1]))
    items[1].number = items[0].number
    good = items[2].number
    items[2].number = f"{good[:10]}{(int(good[10]) + 1) % 10}VN"
    items[3].container = 9
    items[3].accepted = at(21, "17:45")
    items[4].dossiers[0].code = items[3].dossiers[0].code
    items[4].dossiers[0].due = date(2026, 1, 19)
    items[5].dossiers[0].code = "H48.21-260230-0001"
    text = manifest.xml()
    text = text.replace('<declared items="6" dossiers="6"', '<declared items="7" dossiers="8"')
    weight = sum(item.weight for item in items)
    text = text.replace(f'weight="{weight}"', f'weight="{weight + 500}"')
    phone = items[5].contact[1]
    text = text.replace(phone, "0123 456")
    return text.replace(f' procedure="{items[0].dossiers[0].procedure}"', ' procedure="ABC"', 1)


def two_schema_errors():
    items = [Item("590110", at(21, "08:00"), [Dossier("H48.21", date(2026, 1, 21))])]
    text = Manifest("BK-590110-260121-002", "intake", "590110", "H48.21", at(21, "16:00"), items).xml()
    weight = f"<weight>{items[0].weight}</weight>"
    return text.replace(weight, "<weight>nặng</weight>").replace("<received>2026-01-21", "<received>2026-01-32")


def altered_copy():
    """The number of a manifest that was recorded, with one document count changed."""
    return cam_sa.xml().replace('originals="1"', 'originals="2"', 1)


def with_document_type():
    items = [Item("590110", at(22, "08:00"), [Dossier("H48.21", date(2026, 1, 22))])]
    text = Manifest("BK-590110-260122-001", "intake", "590110", "H48.21", at(22, "16:00"), items).xml()
    head, rest = text.split("\n", 1)
    return f'{head}\n<!DOCTYPE manifest [<!ENTITY ten SYSTEM "file:///etc/hostname">]>\n{rest}'


# --- scans -----------------------------------------------------------------------------------------------


def incident_scans():
    """One barcode a line as the clerk's scanner sends them, on 13 January at H48.25."""
    numbers = [item.number for item in loc_thuong.items]
    order = list(range(25))
    for index in range(24, 0, -1):
        other = draw.below(index + 1)
        order[index], order[other] = order[other], order[index]
    lines = [numbers[index] for index in order if index != 6]  # number 7 is short
    def at_line_of(index): return lines.index(numbers[index])
    lines[at_line_of(11)] += " damaged wrapper"
    lines[at_line_of(17)] += " damaged partlyReadable 2"
    lines.insert(at_line_of(2) + 1, numbers[2])  # a nervous second beep
    lines.insert(at_line_of(19) + 5, numbers[19])  # put back on the pile and scanned again
    lines.insert(9, s10("RM", 47_398_117))  # surplus: on no manifest
    lines.insert(14, long_thuong.items[0].number)  # on another manifest, for another center
    lines.insert(18, "RM4736?0012VN")  # a creased barcode
    typed = at_line_of(23)
    number = lines[typed]
    lines[typed] = f"{number[:2]} {number[2:5]} {number[5:8]} {number[8:11]} {number[11:]}".lower()
    return "\n".join(lines) + "\n"


def clean_scans():
    return "".join(f"{item.number}\n" for item in cam_sa_back.items)


# --- what the one-stop software exports ------------------------------------------------------------------


def one_stop_export():
    """January at H48.24 as its software sees it: every way in which it can differ from custody, once."""
    carried = [dossier for item in hai_mon.items for dossier in item.dossiers]
    counter = [dossier for item in hai_mon_back.items[4:] for dossier in item.dossiers]
    post, desk = "Qua bưu chính công ích", "Trực tiếp tại Bộ phận Một cửa"
    working, ready, done = "Đang xử lý", "Đã xử lý xong", "Đã trả kết quả"
    # The terms of the first three were extended, with an hour; the paper still states the old ones.
    later = "12/01/2026 17:00"
    lines = [(dossier, None, post, post, None, None, working) for dossier in carried]
    lines[0] = (carried[0], None, post, post, later, "10/01/2026 15:20:11", done)
    lines[1] = (carried[1], None, post, post, later, None, ready)  # delivered, not ticked
    lines[2] = (carried[2], None, post, post, later, "13/01/2026 08:05:40", done)  # ticked late
    lines[3] = (carried[3], None, post, post, None, "14/01/2026 16:59:00", done)  # ticked; it came back
    lines[7] = None  # only in custody
    former = carried[8].code.replace("H48.24-", "000.00.24.H48-")
    lines[8] = (carried[8], former, post, desk, None, None, working)
    lines[9] = (carried[9], None, post, desk, None, "07/01/2026 10:30:00", done)  # fetched at the counter
    lines[10] = (carried[10], None, post, post, None, None, "Mới đăng ký")  # though it lies there
    lines += [(dossier, None, desk, post, None, "12/01/2026 14:02:30", done) for dossier in counter]
    lines.append((carried[4], None, post, post, None, None, ready))  # a second time, in another state
    unknown = Dossier("H48.24", date(2026, 1, 8))
    lines.append((unknown, None, post, post, None, None, working))  # on no manifest
    lines += [(Dossier("H48.24", date(2026, 1, 8)), None, desk, desk, None, "09/01/2026 09:00:00", done)
              for _ in range(3)]  # never in the post
    lines.append((Dossier("H48.24", date(2026, 1, 9)), "chưa cấp số", post, post, None, None, "Mới đăng ký"))
    lines.append((Dossier("H48.24", date(2026, 1, 9)), None, desk, desk, "31/02/2026", None, working))
    out = ["TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG PHƯỜNG HẢI MÔN", "DANH SÁCH HỒ SƠ TIẾP NHẬN THÁNG 01/2026", "",
           "STT;Mã hồ sơ;Mã TTHC;Lĩnh vực;Chủ hồ sơ;Số điện thoại;Hình thức nộp;Hình thức nhận kết quả;"
           "Ngày tiếp nhận;Ngày hẹn trả;Ngày trả;Trạng thái"]
    for number, line in enumerate((line for line in lines if line), 1):
        dossier, code, filed, back, due, returned, state = line
        phone = f"{draw.pick(PHONES)}{draw.below(10**6):06}"
        out.append(";".join([
            str(number), code or dossier.code, dossier.procedure, dossier.field, dossier.applicant, phone, filed, back,
            f"{dossier.received:%d/%m/%Y}", due or f"{dossier.due:%d/%m/%Y}", returned or "", state]))
    out.append(f"Tổng cộng: {number} hồ sơ" + ";" * 11)
    return "\ufeff" + "\r\n".join(out) + "\r\n"


# --- files -----------------------------------------------------------------------------------------------


def events_xml(lines):
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<events xmlns="{EVENTS}" version="1" source="{TRACKING}">\n'
    return head + "\n".join(lines) + "\n</events>\n"


def gzipped(text):
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", filename="", mtime=0, compresslevel=9) as stream:
        stream.write(text.encode())
    return packed.getvalue()


def all_files():
    files = {}
    for manifest in MANIFESTS:
        name = f"manifests/{manifest.number}.xml"
        if manifest in (provincial, provincial_back):
            files[name + ".gz"] = gzipped(manifest.xml())
        elif manifest is binh_lang_back:
            # What a Windows program of an older center writes: UTF-16, CRLF, accents apart from their letters.
            text = unicodedata.normalize("NFD", manifest.xml("UTF-16")).replace("\n", "\r\n")
            files[name] = b"\xff\xfe" + text.encode("utf-16-le")
        else:
            files[name] = manifest.xml().encode()
    for name, lines in FEEDS.items():
        files[f"events/{name}.xml"] = events_xml(lines).encode()
    files[f"scans/{loc_thuong.number}.txt"] = incident_scans().encode()
    files[f"scans/{cam_sa_back.number}.txt"] = clean_scans().encode()
    files["rejected/BK-590110-260121-bad.xml"] = wrong_in_every_rule().encode()
    files["rejected/BK-590110-260121-shape.xml"] = two_schema_errors().encode()
    files["rejected/BK-590110-260105-001-altered.xml"] = altered_copy().encode()
    files["rejected/BK-590110-260122-doctype.xml"] = with_document_type().encode()
    files[f"onestop/{hai_mon.receiver}-202601.csv"] = one_stop_export().encode()
    return files


def same(name, old, new):
    return gzip.decompress(old) == gzip.decompress(new) if name.endswith(".gz") else old == new


def main():
    files = all_files()
    if sys.argv[1:] == ["--check"]:
        folders = {name.split("/")[0] for name in files}
        present = {path.relative_to(ROOT).as_posix() for folder in folders for path in (ROOT / folder).glob("*")}
        wrong = sorted(present ^ files.keys())
        wrong += [name for name in files.keys() & present if not same(name, (ROOT / name).read_bytes(), files[name])]
        for name in wrong:
            print(f"SampleData/{name} is not what Scripts/make-sample-data.py writes", file=sys.stderr)
        return 1 if wrong else 0
    if sys.argv[1:]:
        print(__doc__, file=sys.stderr)
        return 64
    for name, content in files.items():
        path = ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    print(f"{len(files)} files, {sum(map(len, files.values()))} bytes")
    return 0


sys.exit(main())
