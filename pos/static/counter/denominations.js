/**
 * Counting a drawer: how many of each note and coin.
 *
 * What must stay true: only coins and notes that exist can be counted; the sum is only of what was
 * typed here.
 */

import { all, byId, fill, make, say } from "./dom.js";
import { asciiDigits, baht, shortBaht } from "./numbers.js";
import { word } from "./settings.js";

export const DENOMINATIONS = [100000, 50000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 25];
const SMALLEST_NOTE = 2000;
const PIECES_MAX = 100000;

/** How many; null when it can't be read. Empty is none. */
function piecesIn(input) {
  const text = asciiDigits(input.value).replace(/[\s,]/g, "");
  if (!/^[0-9]*$/.test(text)) return null;
  const pieces = Number(text || "0");
  return pieces <= PIECES_MAX ? pieces : null;
}

function row(prefix, denomination, changed) {
  const id = `${prefix}-${denomination}`;
  const kind = word(denomination >= SMALLEST_NOTE ? "note" : "coin");
  const input = make("input", {
    class: "input number",
    id,
    type: "text",
    inputmode: "numeric",
    autocomplete: "off",
    maxlength: "7",
    placeholder: "0",
    data: { denomination },
    oninput: changed,
    onfocus: () => input.select(),
  });
  return make(
    "li",
    {},
    make(
      "label",
      { for: id },
      make("span", { class: "muted" }, kind),
      ` ${shortBaht(denomination)}`,
    ),
    input,
    make("output", { class: "nowrap", id: `${id}-sum` }, "0.00"),
  );
}

/** A count sheet in `list`; `changed(total)` after every key, null when something is unreadable. */
export function countSheet(list, prefix, changed) {
  const hear = () => {
    let total = 0;
    for (const input of all("input", byId(list))) {
      const pieces = piecesIn(input);
      input.toggleAttribute("aria-invalid", pieces === null);
      if (pieces === null) total = null;
      else if (total !== null) total += pieces * Number(input.dataset.denomination);
      say(`${input.id}-sum`, baht((pieces ?? 0) * Number(input.dataset.denomination)));
    }
    changed(total);
  };
  fill(
    list,
    DENOMINATIONS.map((denomination) => row(prefix, denomination, hear)),
  );
  hear();
}

/** Enter goes down the sheet; true when there was a next field. */
export function nextField(list, from) {
  const inputs = all("input", byId(list));
  const next = inputs[inputs.indexOf(from) + 1];
  next?.focus();
  return Boolean(next);
}

export const countsOf = (list) =>
  all("input", byId(list)).map((input) => ({
    denomination_satang: Number(input.dataset.denomination),
    count: piecesIn(input) ?? 0,
  }));
