// On pages beside the scan page: goes on sending what waits, and says how much that is.

import { Queue } from "./queue.js";

const WATCH = 2000;

const place = document.getElementById("outbox");
if (place) {
  const queue = new Queue(place.dataset.scans);
  const show = () => {
    const waits = queue.waiting.length + queue.refused.length;
    place.hidden = waits === 0;
    place.querySelector("[data-count]").textContent = String(waits);
    // What two people sign must hold everything that was scanned here, unless they sign that it does not.
    for (const button of document.querySelectorAll("[data-needs-empty-outbox]")) {
      button.disabled = waits > 0 && !button.form.querySelector("[name=offline]").checked;
    }
  };
  queue.addEventListener("change", show);
  document.addEventListener("change", show);
  // Without a place to keep scans there is nothing that waits to be sent.
  queue.open().then(() => {
    // Another tab may hold the outbox: what it has sent is seen on the disk alone.
    setInterval(() => { if (!queue.isOwner) queue.look(); }, WATCH);
  }).catch(() => {});
}
