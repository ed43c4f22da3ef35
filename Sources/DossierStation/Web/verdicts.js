// What the clerk is told of an item that was just scanned. What is asked here is known here: nothing waits for the server.

import { day, moment } from "./feedback.js";

/**
 * @param {object} scanned `code` as read, `raw` as typed, and before the scan was counted: `expected`, the item of the
 *   manifest, and `before`, where the item stood if it had been scanned already
 * @param {Bag} bag with the scan counted
 * @param {number} now the server's time
 * @returns {object} a verdict, with `outcome`: "again", "over" or "received"
 */
export function ofReceipt({ code, raw, expected, before }, bag, now, text) {
  const item = expected?.item ?? code.code;
  const { short } = bag.count;
  const rest = short > 0 ? text("stillShort", { n: short }) : text("complete");
  const repair = code.repaired ? text("repairedDetail", { raw: raw.trim(), code: item }) : null;
  const told = (outcome, state, word, detail) => ({ outcome, state, word, code: item, detail, rest });
  if (before) {
    return told("again", "attention", text("already"),
      text("firstBy", { time: moment(before.at), clerk: before.by ?? "" }));
  }
  if (!expected) return told("over", "wrong", text("over"), repair ?? text("overDetail"));
  const late = bag.daysLate(now);
  const by = late > 0 ? text("lateBy", { n: late, day: day(Date.parse(bag.session.lateFrom) - 1) }) : null;
  if (repair) return told("received", "attention", text("repaired"), [repair, by].filter(Boolean).join(" · "));
  const dossiers = (expected.dossiers ?? []).join(", ");
  if (by) return told("received", "attention", text("late"), [by, dossiers].filter(Boolean).join(" · "));
  return told("received", "accepted", text("accepted"), dossiers);
}
