/**
 * The lines of a receipt with how much of each comes back.
 *
 * What must stay true: never more than what is left of a line; what can't be read counts as none.
 */

import { complain, icon, make } from "./dom.js";
import { MILLI, telescope } from "./money.js";
import { baht, parseMilli, quantity } from "./numbers.js";
import { nameOf, word } from "./settings.js";

/** How much is left of a line, in the unit it was sold by. */
export const leftOf = (line) => line.unit_quantity_milli - (line.refunded_unit_milli ?? 0);

/** So much of the unit sold by, in the product's own unit, by the server's own rule. */
export const inOwnUnit = (line, milli) =>
  telescope(line.quantity_milli, line.unit_quantity_milli, line.refunded_unit_milli ?? 0, milli);

/** What this much of a line was paid with, by the server's own rule. */
export const worth = (line, milli) =>
  telescope(
    line.paid_satang ?? line.net_satang,
    line.quantity_milli,
    line.refunded_milli ?? 0,
    inOwnUnit(line, milli),
  );

function setBack(line, milli, input, changed) {
  const good = milli !== null && milli >= 0 && milli <= leftOf(line);
  complain(
    input,
    good ? "" : word("at_most", { amount: `${quantity(leftOf(line))} ${line.unit}` }),
  );
  changed(line.line_no, good ? milli : 0);
}

/** One line; `changed(line_no, thousandths)` after every key. */
export function refundRow(line, changed) {
  const left = leftOf(line);
  const inputId = `refund-line-${line.line_no}`;
  const hear = () => setBack(line, parseMilli(input.value || "0"), input, changed);
  const input = make("input", {
    class: "input number",
    id: inputId,
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    value: "0",
    disabled: left === 0,
    oninput: hear,
  });
  const to = (milli) => {
    input.value = quantity(Math.max(0, Math.min(left, milli))).replace(/,/g, "");
    hear();
  };
  const step = (by) => () => to((parseMilli(input.value || "0") ?? 0) + by * MILLI);
  const tool = (text, run, ...content) =>
    make(
      "button",
      { class: "button", type: "button", disabled: left === 0, onclick: run, "aria-label": text },
      ...content,
    );
  const sold = `${quantity(line.unit_quantity_milli)} ${line.unit} · ${baht(line.net_satang)}`;
  return make(
    "li",
    { class: left === 0 ? "gone" : null },
    make(
      "label",
      { for: inputId },
      make("b", {}, nameOf(line)),
      make(
        "span",
        { class: "muted" },
        `${sold} · ${word("can_return", { amount: quantity(left) })}`,
      ),
    ),
    make(
      "span",
      { class: "refund-step" },
      tool(word("one_less"), step(-1), icon("minus")),
      input,
      tool(word("one_more"), step(1), icon("plus")),
      tool(word("all_back"), () => to(left), word("all_back")),
    ),
    make("span", { class: "error", id: `${inputId}-error`, role: "alert", hidden: true }),
  );
}
