#!/usr/bin/env python3
"""Measures the station: durable scans a second while pages follow, times and sizes of pages, memory.

    Scripts/bench-station.py DOSSIER [--rate N] [--seconds N] [--followers N]

Clerks send one scan a request at a steady pace, whether or not the one before was answered in time: a stall shows as
latency and not as a lower rate. Followers run in a process of their own and count what they are told.
"""
import argparse
import http.client
import json
import multiprocessing
import os
import pathlib
import re
import selectors
import socket
import statistics
import sys
import threading
import time
import xml.etree.ElementTree as ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Tests/Browser"))
NAMESPACE = {"m": "urn:postal-dossier:manifest:1"}
MANIFEST = "BK-590230-260112-001"


def follow(port, cookie, count, ready, over, told):
    """`count` connections that follow the log; counts events over all of them."""
    selector = selectors.DefaultSelector()
    for _ in range(count):
        connection = socket.create_connection(("127.0.0.1", port))
        connection.sendall(
            f"GET /v1/events/live HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: text/event-stream\r\n"
            f"Cookie: {cookie}\r\n\r\n".encode())
        selector.register(connection, selectors.EVENT_READ)
    waiting = count
    while not over.is_set():
        for key, _ in selector.select(timeout=0.2):
            part = key.fileobj.recv(1 << 16)
            if not part:
                selector.unregister(key.fileobj)
                continue
            if waiting and b"retry:" in part:
                waiting -= 1
                if not waiting:
                    ready.set()
            told.value += part.count(b"event: custody")


class Clerk(threading.Thread):
    """Receives bags one after the other, each item once, one scan a request."""

    def __init__(self, number, clerks, port, bags, pace, seconds):
        super().__init__()
        self.number, self.port, self.pace, self.seconds = number, port, pace, seconds
        self.start_after = number * pace / clerks
        self.scans = ((manifest, item, cookie) for manifest, cookie, items in bags for item in items)
        self.times, self.wrong = [], 0

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        due = time.monotonic() + self.start_after
        end = due + self.seconds
        for number, (manifest, item, cookie) in enumerate(self.scans):
            if due >= end:
                return
            time.sleep(max(0, due - time.monotonic()))
            one = {"id": f"bench-{self.number}-{number}", "type": "received", "manifest": manifest, "code": item,
                   "raw": item, "mono": 1, "at": time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())}
            connection.request(
                "POST", "/v1/scans", json.dumps({"station": "bench", "scans": [one]}),
                {"Cookie": cookie, "Content-Type": "application/json", "Sec-Fetch-Site": "same-origin",
                 "Origin": f"http://127.0.0.1:{self.port}"})
            answer = connection.getresponse()
            body = answer.read()
            self.times.append(time.monotonic() - due)
            if answer.status != 200 or json.loads(body)["results"][0]["status"] != "accepted":
                self.wrong += 1
            due += self.pace


def bags(station, items):
    """Manifests of 300 items: number, a session of somebody who works at the receiver, the items."""
    import support

    made = station.folder / "made"
    support.dossier("sample", "--seed", 5, "--items", items, "--items-per-manifest", 300, "--days", 1, "--out", made)
    support.dossier("offices", "import", made / "offices.csv", data=station.data)
    support.dossier("import", made / "manifests", data=station.data)
    cookies, found = {}, []
    for file in sorted((made / "manifests").iterdir()):
        root = ElementTree.parse(file).getroot()
        office = root.find("m:receiver", NAMESPACE).get("office")
        if office not in cookies:
            code = f"BENCH{len(cookies)}"
            station.person(code, "clerk", office)
            cookies[office] = "=".join(station.sign_in(code))
        found.append((root.get("number"), cookies[office],
                      [item.get("number") for item in root.iterfind(".//m:item", NAMESPACE)]))
    return found


def quantile(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] * 1000


def memory(station):
    status = pathlib.Path(f"/proc/{station.process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("dossier")
    arguments.add_argument("--rate", type=int, default=200)
    arguments.add_argument("--seconds", type=float, default=20)
    arguments.add_argument("--followers", type=int, default=200)
    options = arguments.parse_args()
    os.environ["DOSSIER"] = options.dossier
    import support

    clerks = 8
    with support.Station("--log-level", "warning") as station:
        time.sleep(3)
        print(f"\nThe station\nidle memory                        {memory(station):8.1f} MiB", flush=True)
        station.person("BENCH", "shiftLead")
        cookie = "=".join(station.sign_in("BENCH"))
        shown = json.loads(support.dossier("show", MANIFEST, "--format", "json", data=station.data))
        items = [item["item"] for item in shown["contents"]][:clerks]
        addresses = ["/", "/scan", "/manifests", f"/manifests/{MANIFEST}", f"/manifests/{MANIFEST}/sign", "/items",
                     f"/items/{items[0]}", "/findings", "/audit", "/reports", "/reports/losses", "/reports/custody"]
        for address in addresses:
            connection = http.client.HTTPConnection("127.0.0.1", station.port)
            times = []
            for _ in range(7):
                begun = time.monotonic()
                connection.request("GET", address, headers={"Cookie": cookie, "Accept": "text/html"})
                answer = connection.getresponse()
                body = answer.read()
                times.append((time.monotonic() - begun) * 1000)
            print(f"{address:34} {statistics.median(times):8.1f} ms [{min(times):.1f} .. {max(times):.1f}]"
                  f" {len(body) / 1024:7.1f} KiB  {answer.status}", flush=True)
        given = bags(station, int(options.rate * options.seconds) + clerks * 600)
        ready, over = multiprocessing.Event(), multiprocessing.Event()
        told = multiprocessing.Value("q", 0)
        followers = multiprocessing.Process(
            target=follow, args=(station.port, cookie, options.followers, ready, over, told))
        followers.start()
        ready.wait(30)
        people = [Clerk(number, clerks, station.port, given[number::clerks], clerks / options.rate, options.seconds)
                  for number in range(clerks)]
        before = int(re.search(r"utime=(\d+)", cpu(station)).group(1))
        for clerk in people:
            clerk.start()
        for clerk in people:
            clerk.join()
        used = int(re.search(r"utime=(\d+)", cpu(station)).group(1)) - before
        time.sleep(1.5)
        over.set()
        followers.join()
        times = [t for clerk in people for t in clerk.times]
        wrong = sum(clerk.wrong for clerk in people)
        print(f"{len(times)} durable scans at {options.rate}/s, {options.followers} followers: p50 {quantile(times, .5):.1f}"
              f" ms, p99 {quantile(times, .99):.1f} ms, max {max(times) * 1000:.1f} ms; {wrong} not accepted", flush=True)
        print(f"told {told.value} times, {len(times) * options.followers} wanted; processor"
              f" {used / os.sysconf('SC_CLK_TCK') / options.seconds * 100:.0f} %; memory {memory(station):.1f} MiB", flush=True)


def cpu(station):
    fields = pathlib.Path(f"/proc/{station.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return f"utime={int(fields[11]) + int(fields[12])}"


if __name__ == "__main__":
    main()
