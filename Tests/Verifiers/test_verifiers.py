#!/usr/bin/env python3
"""Tests of Scripts/verify_bundle.py and Scripts/verify.html. Run by Tests/Scripts/verifiers.sh.

Facts come from the published vectors in Tests/Vectors/tlog and from builder.py, which shares no code with either.
Pictures of the page go to $VERIFIERS_PICTURES when that is set. The seed of random tests is $VERIFIERS_SEED.
"""
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import unittest

here = os.path.dirname(os.path.abspath(__file__))
root = os.path.join(here, "..", "..")
sys.dont_write_bytecode = True
sys.path[:0] = [here, os.path.join(root, "Scripts")]
import browser
import builder
import cases
import checks
import fuzz
import verify_bundle

PROGRAM = os.path.join(root, "Scripts", "verify_bundle.py")
SEED = int(os.environ.get("VERIFIERS_SEED", "20260112"))
TRUSTS = {name: checks.trust_of(verify_bundle, text) for name, text in cases.TRUSTS.items()}


def python_verdict(data, trust):
    report = verify_bundle.verify_file(data, TRUSTS[trust])
    return report.verdict, report.reason


class Folder(unittest.TestCase):
    """A folder for files, gone at the end."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="verifiers-")
        self.addCleanup(shutil.rmtree, self.folder)
        for name, text in cases.TRUSTS.items():
            if text is not None:
                self.write(name + ".txt", text.encode())

    def write(self, name, data):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(data)
        return path


class PythonVerifier(unittest.TestCase):
    def test_vectors_bundles_and_folders(self):
        self.assertEqual(list(checks.failures(verify_bundle)), [])

    def test_every_word_has_a_case(self):
        used = {(verdict, reason) for _, _, _, verdict, reason in checks.CASES}
        words = {"format", "digest", "signature", "unknown-log", "inclusion", "map", "sequence", "previous", "count",
                 "commitment", "disclosure", "consistency", "quorum"}
        self.assertLessEqual({("refuted", word) for word in words}, used)
        self.assertLessEqual({("undecided", "no-key"), ("undecided", "unknown-leaf"), ("proven", "fork")}, used)

    def test_each_single_bit(self):
        data = fuzz.smallest()
        self.assertEqual(python_verdict(data, "key"), ("proven", "-"))
        for position, turned in enumerate(fuzz.bits(data)):
            verdict, reason = python_verdict(turned, "key")
            self.assertEqual(verdict, "refuted", f"bit {position}")
            self.assertIn(reason, ("format", "digest"), f"bit {position}")

    def test_each_byte_with_a_fitting_digest(self):
        for position, data in enumerate(fuzz.bytes_sealed(fuzz.smallest(), random.Random(SEED))):
            self.assertEqual(python_verdict(data, "key")[0], "refuted", f"byte {position}, seed {SEED}")

    def test_random_bytes(self):
        source = random.Random(SEED)
        for length in (0, 1, 2, 64, 65, 66, 100, 10_000):
            self.assertEqual(python_verdict(source.randbytes(length), "key"), ("refuted", "format"))

    def test_texts_cannot_act_on_a_terminal(self):
        [markup] = [data for name, data, *_ in checks.CASES if name == "good-markup"]
        for language in ("vi", "en"):
            shown = verify_bundle.render(verify_bundle.verify_file(markup, TRUSTS["key"]), language)
            self.assertNotRegex(shown, "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ue000]")
            self.assertIn("onerror", shown)


class Command(Folder):
    def run_it(self, *arguments, without_cryptography=False):
        program = [sys.executable, PROGRAM]
        if without_cryptography:
            program = [sys.executable, "-c", "import sys, runpy; sys.modules['cryptography'] = None; "
                       f"sys.argv[0] = {PROGRAM!r}; runpy.run_path({PROGRAM!r}, run_name='__main__')"]
        done = subprocess.run([*program, *arguments], capture_output=True, text=True, timeout=60, encoding="utf-8")
        self.assertNotIn("Traceback", done.stderr)
        return done.returncode, done.stdout, done.stderr

    def case(self, name):
        [data] = [data for other, data, *_ in checks.CASES if other == name]
        return self.write(name, data)

    def key(self, name="key"):
        return os.path.join(self.folder, name + ".txt")

    def test_verdicts(self):
        good, bad = self.case("good-one-item"), self.case("count-omitted-event")
        for arguments, status, first in (
            ((good, "--key", self.key()), 0, "ĐẠT"),
            ((good, "--key", self.key(), "--lang", "en"), 0, "PROVEN"),
            ((bad, "--key", self.key()), 1, "PHÁT HIỆN SAI LỆCH: count"),
            ((bad, "--key", self.key(), "--lang", "en"), 1, "REFUTED: count"),
            ((good,), 2, "CHƯA ĐỦ CHỨNG CỨ: no-key"),
            ((good, "--lang", "en"), 2, "UNDECIDED: no-key"),
            ((good, "--policy", self.key("two")), 1, "PHÁT HIỆN SAI LỆCH: quorum"),
            ((self.case("good-two-witnesses"), "--policy", self.key("two")), 0, "ĐẠT"),
            ((self.case("evidence-equal-sizes"), "--key", self.key(), "--lang", "en"), 0, "PROVEN: fork"),
            ((self.case("json-deep-lists"), "--key", self.key()), 1, "PHÁT HIỆN SAI LỆCH: format"),
        ):
            code, out, err = self.run_it(*arguments)
            self.assertEqual((code, out.split("\n")[0], err), (status, first, ""), arguments)

    def test_says_what_was_not_asked(self):
        good = self.case("good-one-item")
        self.assertIn("No witness was asked", self.run_it(good, "--key", self.key(), "--lang", "en")[1])
        witnessed = self.run_it(self.case("good-two-witnesses"), "--policy", self.key("two"), "--lang", "en")[1]
        self.assertNotIn("No witness was asked", witnessed)
        self.assertIn("Witness w0 cosigned at 2026-01-11", witnessed)
        self.assertIn("Complete as of index 13", witnessed)

    def test_without_cryptography(self):
        good, bad = self.case("good-one-item"), self.case("count-omitted-event")
        code, out, _ = self.run_it(good, "--key", self.key(), without_cryptography=True)
        self.assertEqual((code, out.split("\n")[0]), (2, "CHƯA ĐỦ CHỨNG CỨ: no-ed25519"))
        self.assertIn("python3-cryptography", out)
        # Everything else is still noticed.
        code, out, _ = self.run_it(bad, "--key", self.key(), without_cryptography=True)
        self.assertEqual((code, out.split("\n")[0]), (1, "PHÁT HIỆN SAI LỆCH: count"))

    def test_wrong_usage(self):
        good = self.case("good-one-item")
        for arguments in (
            (), (good, "--nothing"), (good, "--key"), (good, "--lang", "fr"), (good, good), (self.folder + "/none",),
            (good, "--key", self.folder + "/none"), (good, "--key", good), (good, "--policy", good), (good, "--policy", self.key()),
            (good, "--key", self.key(), "--policy", self.key("two")), (good, "--item", "X", "--key", self.key()),
            (good, "--key", self.write("bytes", b"\xff\xfe")), (good, "--key", self.key("two")),
        ):
            code, out, err = self.run_it(*arguments)
            self.assertEqual((code, out), (64, ""), arguments)
            self.assertIn("usage", err)

    def test_a_published_folder(self):
        place = os.path.join(self.folder, "log")
        checks.write_files(place, builder.folder(checks.SMALL))
        code, out, _ = self.run_it(place, "--key", self.key(), "--item", "A-1", "--lang", "en")
        self.assertEqual((code, out.split("\n")[0]), (0, "PROVEN"))
        self.assertEqual(out.count("received"), 2)
        self.assertIn("A-1: the 2 events below are all of them.", out)
        self.assertEqual(self.run_it(place)[0], 2)


class Page(Folder):
    """verify.html in a real browser, from its file, without network."""

    @classmethod
    def setUpClass(cls):
        cls.page = browser.Browser()
        cls.addClassCleanup(cls.page.close)

    def setUp(self):
        super().setUp()
        self.page.requests.clear()
        self.page.open()

    def tearDown(self):
        # Nothing but the page itself was asked for, and nothing was complained of.
        self.assertEqual({url for url in self.page.requests if url != "about:blank"}, {"file://" + os.path.abspath(browser.PAGE)})
        self.assertEqual(self.page.complaints, [])

    def test_agrees_on_every_case(self):
        results = self.page.verdicts([(data, cases.TRUSTS[trust]) for _, data, trust, _, _ in checks.CASES])
        for (name, _, _, verdict, reason), result in zip(checks.CASES, results, strict=True):
            self.assertEqual(result, (verdict, reason), name)

    def test_each_single_bit(self):
        data = fuzz.smallest()
        survivors = self.page.evaluate("""(async () => {
          const trust = await parseTrust(%s);
          const bytes = Uint8Array.from(atob(%s), character => character.charCodeAt(0));
          const results = [(await verifyFile(bytes, trust)).verdict];
          for (let bit = 0; bit < bytes.length * 8; bit++) {
            bytes[bit >> 3] ^= 1 << (bit & 7);
            const report = await verifyFile(bytes, trust);
            if (report.verdict !== "refuted" || !["format", "digest"].includes(report.reason)) results.push(bit);
            bytes[bit >> 3] ^= 1 << (bit & 7);
          }
          return results;
        })()""" % (json.dumps(cases.TRUSTS["key"]), json.dumps(builder.b64(data))))
        self.assertEqual(survivors, ["proven"])

    def test_agrees_on_altered_bundles(self):
        source = random.Random(SEED)
        rich = fuzz.rich()
        files = [(data, "two") for data in [builder.seal(rich), *fuzz.parts_sealed(rich, source, 1000)]]
        files += [(data, "key") for data in fuzz.bytes_sealed(fuzz.smallest(), source)]
        expected = [python_verdict(data, trust) for data, trust in files]
        self.assertEqual(expected[0], ("proven", "-"))
        results = self.page.verdicts([(data, cases.TRUSTS[trust]) for data, trust in files])
        for number, (result, other) in enumerate(zip(results, expected, strict=True)):
            self.assertEqual(result, other, f"file {number}, seed {SEED}")
        self.assertGreater(len(set(expected)), 8)

    def test_published_vectors(self):
        page = self.page
        page.evaluate("globalThis.raw = text => base64Bytes(text ?? ''); globalThis.all = list => (list ?? []).map(raw); 0")
        for name, function, arguments in (
            ("merkle_inclusion_probes", "verifyInclusion", "raw(one.leafHash), BigInt(one.leafIdx), BigInt(one.treeSize), all(one.proof), raw(one.root)"),
            ("merkle_consistency_probes", "verifyConsistency", "BigInt(one.size1), raw(one.root1), BigInt(one.size2), raw(one.root2), all(one.proof)"),
        ):
            probes = [
                {key: str(value) if isinstance(value, int) and not isinstance(value, bool) else value for key, value in one.items()}
                for one in checks.vectors(name)["vectors"]]
            results = page.evaluate(f"(async list => {{ const results = []; for (const one of list) results.push(await {function}({arguments})); return results; }})({json.dumps(probes)})")
            for one, result in zip(probes, results, strict=True):
                is_hash = one.get("leafHash", "x") and one.get("root", "x")
                wanted = not one["wantErr"] and one.get("size1") != "0"
                if is_hash:
                    self.assertEqual(result, wanted, one["id"])

        given = [[builder.b64(leaf), str(index), str(size), [builder.b64(part) for part in proof], builder.b64(top)]
                 for leaf, index, size, proof, top in checks.NO_INCLUSIONS]
        self.assertEqual(page.evaluate(
            "Promise.all(%s.map(one => verifyInclusion(raw(one[0]), BigInt(one[1]), BigInt(one[2]), all(one[3]), raw(one[4]))))"
            % json.dumps(given)), [False] * len(given))
        given = [[str(size), builder.b64(top), str(other), builder.b64(other_top), [builder.b64(part) for part in proof]]
                 for size, top, other, other_top, proof in checks.NO_CONSISTENCIES]
        self.assertEqual(page.evaluate(
            "Promise.all(%s.map(one => verifyConsistency(BigInt(one[0]), raw(one[1]), BigInt(one[2]), raw(one[3]), all(one[4]))))"
            % json.dumps(given)), [False] * len(given))

        lookups = [one for one in checks.vectors("mpt_map")["lookup"] if one["val"] is not None and len(one["proof"]) % 66 == 0]
        self.assertGreater(len(lookups), 10)
        results = page.evaluate("""(async list => {
          const unhex = text => Uint8Array.from(text.match(/../g) ?? [], pair => parseInt(pair, 16)), results = [];
          for (const one of list) {
            const path = (one.proof.match(/.{66}/g) ?? []).map(step => [parseInt(step.slice(0, 2), 16), unhex(step.slice(2))]);
            const reached = await mapRoot(unhex(one.key), unhex(one.val), path);
            results.push(reached !== null && hex(reached) === one.snap);
          }
          return results;
        })(%s)""" % json.dumps(lookups))
        self.assertEqual(results, [one["ok"] for one in lookups])

        notes = checks.vectors("signed_note")
        notes_and_keys = [(one["note"], one["vkeys"]) for one in notes["notes"]]
        notes_and_keys += [(one["checkpoint"], [one["cosigner_vkey"]]) for one in checks.vectors("cosignature_v1")["vectors"]]
        signed = [one for one in checks.vectors("checkpoints")["signed"] if one["kind"] == "ed25519"]
        notes_and_keys += [(one["checkpoint"], [one["vkey"]]) for one in signed]
        fork = checks.vectors("fork_evidence")
        notes_and_keys += [(fork["old"], [fork["vkey"]]), (fork["new"], [fork["vkey"]])]
        results = page.evaluate("""(async list => {
          const results = [];
          for (const [text, texts] of list) {
            try {
              const keys = [];
              for (const text of texts) keys.push(await parseKey(text));
              results.push((await goodSignatures(parseNote(text), keys)).map(one => one.key.name));
            } catch { results.push([]); }
          }
          return results;
        })(%s)""" % json.dumps(notes_and_keys))
        wanted = [one.get("verified_names", []) for one in notes["notes"]]
        wanted += [[one["id"] + ".example.org"] if one["ok"] else [] for one in checks.vectors("cosignature_v1")["vectors"]]
        wanted += [[one["vkey"].split("+")[0]] for one in signed] + [[fork["vkey"].split("+")[0]]] * 2
        for one, result, names in zip(notes_and_keys, results, wanted, strict=True):
            self.assertEqual(sorted(set(result)), sorted(names), one[0][:60])

        keys = [one["vkey"] for one in notes["vkeys"]]
        results = page.evaluate("Promise.all(%s.map(text => parseKey(text).then(() => true, () => false)))" % json.dumps(keys))
        self.assertEqual(results, [one["ok"] for one in notes["vkeys"]])

        texts = [one["text"] + "\n" + builder.LOG.line(one["text"]) for one in checks.vectors("checkpoints")["parse"] if not one["ok"]]
        results = page.evaluate("Promise.all(%s.map(text => parseCheckpoint(text).then(() => true, () => false)))" % json.dumps(texts))
        self.assertEqual(results, [False] * len(texts))
        roots = page.evaluate("Promise.all(%s.map(text => parseCheckpoint(text).then(one => base64Text(one.root))))" % json.dumps(
            [one["checkpoint"] for one in signed]))
        self.assertEqual(roots, [one["root"] for one in signed])
        first, second = [text.split("\n")[2] for text in (fork["old"], fork["new"])]
        self.assertEqual(page.evaluate(
            "(async ([root, ...proof], first, second) => [await verifyConsistency(5n, raw(root), 6n, raw(second), proof.map(raw)),"
            " await verifyConsistency(5n, raw(first), 6n, raw(second), proof.map(raw))])"
            f"({json.dumps(fork['proof_of_misbehavior'])}, {json.dumps(first)}, {json.dumps(second)})"), [True, False])
        ours = checks.vectors("ed25519_wycheproof")["vectors"]
        results = page.evaluate("""(async list => {
          const unhex = text => Uint8Array.from(text.match(/../g) ?? [], pair => parseInt(pair, 16)), results = [];
          for (const one of list) {
            const verifier = await crypto.subtle.importKey("raw", unhex(one.pk), { name: "Ed25519" }, false, ["verify"]).catch(() => null);
            results.push(verifier !== null && await crypto.subtle.verify({ name: "Ed25519" }, verifier, unhex(one.sig), unhex(one.msg)));
          }
          return results;
        })(%s)""" % json.dumps(ours))
        for one, result in zip(ours, results, strict=True):
            self.assertEqual(result, one["result"] == "valid", one["tcId"])

    def test_policies(self):
        texts = [text for text in cases.TRUSTS.values() if text is not None]
        w0 = builder.WITNESSES[0].vkey
        bad = ["x", "a+b", "log x\nquorum none", f"witness a {w0}\nquorum b\n", f"witness a {w0}\ngroup g 2 a\nquorum g\n",
               f"log {builder.LOG.vkey}\n", w0, "quorum none\r\n", f"witness a {w0}\ngroup g any a a\nquorum g", "\ufffd"]
        results = self.page.evaluate("Promise.all(%s.map(text => parseTrust(text).then(() => true, error => error instanceof WrongTrust ? false : String(error))))" % json.dumps(texts + bad))
        self.assertEqual(results, [True] * len(texts) + [False] * len(bad))

    def test_same_sentences(self):
        shown = self.page.evaluate("REASONS")
        for word, sentences in verify_bundle.REASONS.items():
            if word in shown and word != "no-ed25519":
                self.assertEqual(shown[word], list(sentences), word)
        self.assertEqual(self.page.evaluate("KINDS"), verify_bundle.KINDS)

    def seen(self):
        return self.page.evaluate("""({ word: element("word").textContent, look: element("verdict").className,
          sentence: element("sentence").textContent, details: element("details").textContent, hidden: element("result").hidden,
          shapes: [...document.querySelectorAll("[data-shape]")].filter(one => one.checkVisibility()).map(one => one.dataset.shape),
          rows: document.querySelectorAll("#details tbody tr").length, lang: document.documentElement.lang })""")

    def open(self, name, trust=None):
        [data] = [data for other, data, *_ in checks.CASES if other == name]
        if trust is not None:
            self.page.choose("#trust", os.path.join(self.folder, trust + ".txt"))
            self.page.wait("element('trust-text').value !== ''")
        self.page.choose("#file", self.write(name + ".custody.json", data))
        self.page.wait(f"state.file !== null && state.file.name === {json.dumps(name + '.custody.json')} && state.report !== null")
        return self.seen()

    def picture(self, name):
        if os.environ.get("VERIFIERS_PICTURES"):
            os.makedirs(os.environ["VERIFIERS_PICTURES"], exist_ok=True)
            self.page.screenshot(os.path.join(os.environ["VERIFIERS_PICTURES"], name + ".png"))

    def test_a_person_uses_it(self):
        self.assertTrue(self.seen()["hidden"])
        self.picture("empty-vi")
        no_key = self.open("good-one-item")
        self.assertEqual((no_key["word"], no_key["shapes"]), ("CHƯA ĐỦ CHỨNG CỨ", ["undecided"]))
        good = self.open("good-times", "two")
        self.assertEqual((good["word"], good["look"], good["shapes"], good["rows"]), ("ĐẠT", "proven", ["proven"], 4))
        self.picture("proven-vi")
        revealed = self.open("good-revealed", "key")
        self.assertIn("Nguyễn Thị Ánh", revealed["details"])
        self.page.evaluate("element('language').click()")
        self.assertEqual((self.seen()["word"], self.seen()["lang"]), ("PROVEN", "en"))
        self.picture("proven-en")
        bad = self.open("previous-wrong")
        self.assertEqual((bad["word"], bad["look"], bad["shapes"]), ("REFUTED", "refuted", ["refuted"]))
        self.assertIn("previous", bad["details"])
        self.picture("refuted-en")
        self.page.evaluate("element('language').click()")
        self.assertEqual(self.seen()["word"], "PHÁT HIỆN SAI LỆCH")
        self.picture("refuted-vi")
        fork = self.open("evidence-equal-sizes")
        self.assertEqual((fork["look"], fork["shapes"], fork["rows"]), ("fork", ["refuted"], 2))
        self.picture("fork-vi")

    def test_pasted_and_dropped(self):
        key = json.dumps(cases.TRUSTS["key"])
        self.page.evaluate(f"element('trust-text').value = {key}; element('trust-text').dispatchEvent(new Event('input')); 0")
        self.assertEqual(self.open("good-one-item")["word"], "ĐẠT")
        self.page.evaluate("element('trust-text').value = 'not a key'; element('trust-text').dispatchEvent(new Event('input')); 0")
        self.page.wait("element('trust-alert').textContent !== ''")
        self.assertTrue(self.seen()["hidden"])
        data = next(data for name, data, *_ in checks.CASES if name == "count-omitted-event")
        self.page.evaluate("""(() => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([%s], "log.pub"));
          transfer.items.add(new File([Uint8Array.from(atob(%s), character => character.charCodeAt(0))], "dropped.custody.json"));
          document.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, cancelable: true }));
          return 0;
        })()""" % (key, json.dumps(builder.b64(data))))
        self.page.wait("state.file.name === 'dropped.custody.json' && state.report !== null")
        self.assertEqual(self.seen()["word"], "PHÁT HIỆN SAI LỆCH")

    def test_texts_of_the_file_stay_texts(self):
        shown = self.open("good-markup", "key")
        self.assertEqual((shown["word"], shown["look"]), ("ĐẠT", "proven"))
        self.assertIn("<img src=x onerror=document.title=1>", shown["details"])
        self.assertEqual(self.page.evaluate("document.querySelectorAll('#details img, #details script, #details b, #details i').length"), 0)
        self.assertNotRegex(shown["details"], "[\u0007\u202e\u2028\ue000]")
        self.assertEqual(self.page.evaluate("document.title"), "Kiểm tra bằng chứng hồ sơ")

    def test_for_everybody(self):
        self.assertEqual(self.page.evaluate(
            "[...document.querySelectorAll('input, textarea')].filter(one => one.labels.length !== 1 || one.labels[0].textContent === '').length"), 0)
        order = []
        for _ in range(4):
            for kind in ("keyDown", "keyUp"):
                self.page.call("Input.dispatchKeyEvent", {"type": kind, "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9})
            order.append(self.page.evaluate("document.activeElement.id"))
        self.assertEqual(order, ["language", "file", "trust", "trust-text"])
        ratios = self.page.evaluate("""(() => {
          const light = text => { const [r, g, b] = text.match(/[0-9.]+/g).map(Number).map(part => part / 255)
            .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
          const ratio = (one, other) => { const [low, high] = [light(one), light(other)].sort((a, b) => a - b); return (high + 0.05) / (low + 0.05); };
          element("result").hidden = false;
          const box = element("verdict"), results = [];
          for (const look of ["proven", "refuted", "undecided", "fork"]) {
            box.className = look;
            results.push(ratio(getComputedStyle(box).color, getComputedStyle(box).backgroundColor));
          }
          for (const one of document.querySelectorAll(".hint, .alert")) results.push(ratio(getComputedStyle(one).color, "rgb(243, 244, 246)"));
          return results;
        })()""")
        self.assertGreater(min(ratios), 4.5)
        self.assertEqual(self.page.evaluate("document.documentElement.scrollWidth > innerWidth"), False)


class OldBrowser(Folder):
    """A browser that cannot verify Ed25519 never says invalid."""

    def look(self, before):
        page = browser.Browser(before=before)
        try:
            some = [case for case in checks.CASES if case[2] != "none"]
            return [(case, result) for case, result in zip(some, page.verdicts(
                [(data, cases.TRUSTS[trust]) for _, data, trust, _, _ in some]), strict=True)]
        finally:
            page.close()

    def check(self, before, can_hash):
        for (name, _, _, verdict, reason), result in self.look(before):
            if not can_hash or verdict != "refuted" or reason in ("signature", "quorum"):
                # An altered root is still noticed through the proofs, never as a bad signature.
                self.assertTrue(result == ("undecided", "no-ed25519") or can_hash and result == ("refuted", "inclusion"), (name, result))
            else:
                self.assertEqual(result, (verdict, reason), name)

    def test_without_ed25519(self):
        self.check("SubtleCrypto.prototype.importKey = () => Promise.reject(new DOMException('no', 'NotSupportedError'));", True)

    def test_that_says_yes_to_everything(self):
        self.check("SubtleCrypto.prototype.verify = () => Promise.resolve(true);", True)

    def test_without_web_crypto(self):
        some = [("key", next(data for name, data, *_ in checks.CASES if name == "good-one-item"))]
        page = browser.Browser(before="Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined });")
        try:
            page.evaluate(f"takeTrust({json.dumps(cases.TRUSTS['key'])})")
            self.assertEqual(page.evaluate("element('trust-alert').textContent"), "")
            self.assertEqual(page.verdicts([(data, None) for _, data in some]), [("undecided", "no-ed25519")])
        finally:
            page.close()


if __name__ == "__main__":
    unittest.main()
