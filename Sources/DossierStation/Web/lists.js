// What is still short and what has not been sent, below the buttons, and how the outbox stands, at the top.

import { codeText, element, find, moment, showPanel } from "./feedback.js";

export function showShort(bag, queue, text) {
  const missing = bag?.missing ?? [];
  find("short-list").replaceChildren(...missing.map((item) =>
    element("li", "", codeText(item.item), item.custodian ? ` · ${item.custodian}` : "")));
  find("short-total").textContent = String(missing.length);
  const unsent = queue.waiting;
  find("unsent-total").textContent = String(unsent.length);
  find("unsent-list").replaceChildren(...unsent.map((scan) =>
    element("li", "", moment(scan.at), " ", codeText(scan.code), ` · ${text(`type_${scan.type}`)}`)));
  showPanel("short");
}

export function showQueue({ waiting, isOnline, locked }, text) {
  const state = locked ? "locked" : isOnline ? "online" : "offline";
  find("link").dataset.state = state;
  find("link").textContent = text(state);
  find("waiting").textContent = String(waiting.length);
  find("session-ended").hidden = !locked;
}
