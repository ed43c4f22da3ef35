import DossierTracker

// The first time; from then on: try Tracker(opening: "my-store")
let center = Office(code: "H48.25", name: "Trung tâm phường Lộc Thượng", kind: .center)
let tracker = try Tracker.create(at: "my-store", office: center)

for document in try tracker.importDocuments(["SampleData/manifests/BK-590230-260112-001.xml"]).documents {
  print(document.file, document.outcome.status.rawValue, document.outcome.items, "items")
  for finding in document.outcome.findings { print(finding.code.rawValue, finding.message(.en)) }
}
for receipt in try tracker.receive(manifest: "BK-590230-260112-001").scan(["RM473195374VN"]) {
  print(receipt.item, receipt.kind.word, receipt.verdict.rawValue)  // durable before it is printed
}
let lost = try tracker.record(EventRequest(.lost, item: "EM473195431VN", reference: "QD-17/2026"))
print(lost.item, lost.kind.word, lost.verdict.rawValue)

let rate = try tracker.losses(unit: .item).total.lostPer100k
print("lost per 100,000:", rate.rate ?? 0, "- 95 % interval:", rate.lower ?? 0, "to", rate.upper ?? 100_000)
print(try tracker.checkpoint())  // the log's size and root, signed: give it away
print("audit:", try tracker.audit().verdict.rawValue)
