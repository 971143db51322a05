/**
 * Weighing: kilograms with three places, or khid and grams for those who think in them.
 *
 * What must stay true: what is added is whole thousandths of the product's own unit, and the price
 * shown here is the price on the bill.
 */

import { QUANTITY_MAX } from "./cart.js";
import { closeDialog, openDialog } from "./dialog.js";
import { all, byId, complain, say } from "./dom.js";
import { grossOf } from "./money.js";
import { baht, parseFixed, weight } from "./numbers.js";
import { nameOf, word } from "./settings.js";

const KILOGRAMS = /^(กก\.?|กิโลกรัม|กิโล|kg)$/i;
// Kilograms to the gram, khid in hundredths, whole grams: all are whole thousandths.
const PLACES = { 1000: 3, 100: 2, 1: 0 };

let product = null;
let factor = 1000;
let done = () => {};

/** Thousandths typed, in the unit chosen; null when it can't be read. */
function typedMilli() {
  const places = PLACES[factor];
  const value = parseFixed(byId("weigh-amount").value, places);
  return value === null ? null : value * (factor / 10 ** places);
}

function show() {
  const milli = typedMilli() ?? 0;
  say("weigh-sum", baht(grossOf(Math.min(milli, QUANTITY_MAX), product.price_satang)));
  say("weigh-sum-words", `${weight(milli)} ${product.unit} × ${baht(product.price_satang)}`);
}

function chooseFactor(value) {
  const milli = typedMilli();
  factor = value;
  for (const button of all("[data-factor]", byId("weigh-units"))) {
    button.setAttribute("aria-pressed", String(Number(button.dataset.factor) === factor));
  }
  if (milli) byId("weigh-amount").value = String(milli / factor);
  show();
}

function submit(event) {
  event.preventDefault();
  const milli = typedMilli();
  const input = byId("weigh-amount");
  if (!milli || milli > QUANTITY_MAX) {
    complain(input, word(milli === null ? "weight_unreadable" : "weight_missing"));
    input.focus();
    return;
  }
  const tell = done;
  closeDialog("weigh");
  tell(milli);
}

/** Ask for a weight; `then(milli)` gets it. */
export function openWeigh(weighed, then, already = null) {
  product = weighed;
  done = then;
  say("weigh-name", `${nameOf(product)} · ${baht(product.price_satang)} / ${product.unit}`);
  byId("weigh-units").hidden = !KILOGRAMS.test(product.unit);
  byId("weigh-amount").value = "";
  chooseFactor(1000);
  if (already) byId("weigh-amount").value = weight(already);
  say("weigh-submit", word(already ? "change_weight" : "add_to_bill"));
  complain(byId("weigh-amount"), "");
  show();
  openDialog("weigh", { focus: "weigh-amount" });
}

export function wireWeigh() {
  byId("weigh-form").addEventListener("submit", submit);
  byId("weigh-amount").addEventListener("input", () => {
    complain(byId("weigh-amount"), "");
    show();
  });
  for (const button of all("[data-factor]", byId("weigh-units"))) {
    button.addEventListener("click", () => chooseFactor(Number(button.dataset.factor)));
  }
}
