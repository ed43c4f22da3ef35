"""Every answer of the interface against the description that the station gives of it."""

import json
import re
import time

from serving import check, items_of, MANIFEST, post, SAMPLES, scan, Serving, support


def interface(work, options):
    """Answers against /openapi.json: the document is valid, and every answer is what it says."""
    import jsonschema
    import openapi_spec_validator

    with Serving(work / "interface") as serving:
        support.dossier("import", SAMPLES / "events", data=serving.data)
        document = json.loads(serving.ask("/openapi.json", role=None)[2])
        openapi_spec_validator.validate(document)

        def resolve(node):
            while "$ref" in node:
                target = document
                for part in node["$ref"].split("/")[1:]:
                    target = target[part]
                node = target
            return node

        def conforms(path, method, status, headers, body):
            operation = document["paths"][path][method]
            described = resolve(operation["responses"].get(str(status), operation["responses"]["default"]))
            kind = headers.get_content_type()
            content = described.get("content", {})
            if not content and not body:
                return
            check(kind in content, f"interface: {method} {path} {status}: {kind} is not described")
            if kind not in content or "json" not in kind:
                return
            schema = {**content[kind]["schema"], "components": document["components"]}
            values = [json.loads(line) for line in body.splitlines()] if "ndjson" in kind else [json.loads(body)]
            for value in values[:50]:
                for error in list(jsonschema.Draft202012Validator(schema).iter_errors(value))[:2]:
                    check(False, f"interface: {method} {path} {status}: {error.json_path}: {error.message[:160]}")

        # A settlement is of a period that is named.
        reports = {"losses": 200, "delays": 200, "custody": 200, "fees": 200, "settlement": 422,
                   "settlement?period=2026-01": 200, "nothing": 404}
        values = {"{number}": [MANIFEST, "EM473653477VN", "XX", "%2e%2e"], "{code}": ["H48.20-260108-0001", "nothing"],
                  "{kind}": list(reports)}
        count = 0
        for path, methods in document["paths"].items():
            if "get" not in methods or path.endswith("/live"):
                continue
            names = re.findall(r"\{\w+\}", path)
            for value in values.get(names[0], ["x"]) if names else [""]:
                address = path.replace(names[0], value) if names else path
                for role in ("auditor", "clerk", None, "administrator", *(["reporter"] if "{kind}" in names else [])):
                    for accept in ("application/json", "application/x-ndjson", "text/csv", "image/png", "*/*"):
                        for query in ("", "?limit=3", "?limit=0"):
                            if role != "auditor" and (accept, query) != ("*/*", ""):
                                continue
                            # Reports take other words than lists, and are made anew each time.
                            if "{kind}" in names and query:
                                continue
                            answer = serving.ask(address + query, role=role, headers={"Accept": accept})
                            conforms(path, "get", *answer)
                            if role == "reporter":
                                check(answer[0] == reports[value], f"interface: {address}: {answer[0]}")
                            check(answer[0] < 500, f"interface: {address}{query}: {answer[0]}")
                            count += 1
        json_type = {"Content-Type": "application/json"}
        for body in (b'{"kind":"held","item":"EM473653477VN","reason":"x","event":"i-1"}',
                     b'{"kind":"held","item":"EM473653477VN","reason":"x","event":"i-1"}', b'{"kind":"nothing"}', b"{"):
            conforms("/v1/events", "post", *serving.ask("/v1/events", body, headers=json_type))
        conforms("/v1/scans", "post", *post(serving, [scan("i-2", items_of(serving.data)[0]), scan("i-2", "nonsense"), {"id": "x"}]))
        for name in ("manifests", "rejected"):
            for file in sorted((SAMPLES / name).glob("*.xml"))[:3]:
                conforms("/v1/manifests", "post", *serving.ask("/v1/manifests", file.read_bytes(), headers={"Content-Type": "application/xml"}))
        conforms("/v1/audit", "post", *serving.ask("/v1/audit", b"", "auditor"))
        while (answer := serving.ask("/v1/audit", role="auditor")) and b'"running"' in answer[2]:
            time.sleep(0.1)
        conforms("/v1/audit", "get", *answer)
        session(serving, conforms)
        signatures(serving, conforms)
        print(f"interface: {len(document['paths'])} addresses, {count} answers conform", flush=True)


def session(serving, conforms):
    """Locked, nothing is done in a session but unlocking it."""
    json_type = {"Content-Type": "application/json"}

    def step(path, method, body, expected, role="clerk"):
        answer = serving.ask(path, body, role, json_type if body else None, method=method.upper())
        check(answer[0] == expected, f"interface: {method} {path}: {answer[0]} instead of {expected}")
        conforms(path, method, *answer)
        return answer[2]

    step("/v1/session/lock", "post", b"{}", 401, role=None)
    check(json.loads(step("/v1/session/lock", "post", b"{}", 200))["locked"], "interface: not locked")
    check(b"D-7031" in step("/v1/items", "get", None, 401), "interface: a locked session reads")
    step("/v1/session/unlock", "post", b"{", 400)
    step("/v1/session/unlock", "post", b'{"pin":"000000"}', 403)
    pin = json.dumps({"pin": support.PIN}).encode()
    check(not json.loads(step("/v1/session/unlock", "post", pin, 200))["locked"], "interface: not unlocked")
    step("/v1/session", "delete", None, 204, role="administrator")
    step("/v1/session", "get", None, 401, role="administrator")


def signatures(serving, conforms):
    """Two people sign the list that they read, and no other."""
    path, address = "/v1/manifests/{number}/signatures", f"/v1/manifests/{MANIFEST}/signatures"
    serving.headers("clerk")
    support.Station.person(serving, "T-GIVER", "clerk", office="590230")
    read = serving.ask(f"/v1/manifests/{MANIFEST}/reconciliation", role="clerk")
    tag, read_list, other = read[1]["ETag"], json.loads(read[2])["list"], "0" * 64
    known = serving.ask(f"/v1/manifests/{MANIFEST}/reconciliation", role="clerk", headers={"If-None-Match": tag})
    conforms("/v1/manifests/{number}/reconciliation", "get", *known)
    check(known[0] == 200, f"interface: who has signed a known list is {known[0]}")
    for expected, match, changes in [
            (428, None, {}), (428, tag, {"list": ""}), (412, f'"{other}"', {}), (412, f"W/{tag}", {}), (412, "*", {}),
            (412, tag, {"list": other}), (400, tag, {"as": "both"}), (403, tag, {"pin": "000000"}),
            (403, tag, {"by": "T-GIVER"}), (200, tag, {}), (200, tag, {"as": "giver", "by": "T-GIVER"}), (409, tag, {})]:
        body = {"as": "receiver", "by": "T-CLERK", "pin": support.PIN, "list": read_list, **changes}
        headers = {"Content-Type": "application/json", **({"If-Match": match} if match else {})}
        answer = serving.ask(address, json.dumps(body).encode(), "clerk", headers)
        check(answer[0] == expected, f"interface: signature {match} {changes}: {answer[0]} instead of {expected}: {answer[2][:200]}")
        conforms(path, "post", *answer)
