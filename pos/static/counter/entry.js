/**
 * The entry box: names search, digits are a code or a quantity, a scan becomes a line.
 *
 * What must stay true: nothing is added by guessing: a code must match exactly, a name adds only
 * what stands first in the list the cashier is looking at.
 */

import { MILLI } from "./money.js";
import {
  QUANTITY_MAX,
  addProduct,
  onePiece,
  quantityOf,
  selectedLine,
  setQuantity,
} from "./cart.js";
import { findCode, search } from "./catalogue.js";
import { byId, hasFinger } from "./dom.js";
import { uuid7 } from "./identity.js";
import { asciiDigits, parseMilli, quantity } from "./numbers.js";
import { readLabel } from "./scale_labels.js";
import { ownUnit, unitOf } from "./selling.js";
import { nameOf, word } from "./settings.js";
import { changeCart, changed, state } from "./state.js";
import { normalise, unscrambleScan } from "./text.js";
import { accept, notify, refuse } from "./toast.js";
import { chooseUnit } from "./units.js";
import { openWeigh } from "./weigh.js";

const box = () => byId("entry");
let times = null; // «3*» before a product: how many of the next one

export const entryText = () => box().value;
export const query = () => (/^\s*[*×]/.test(box().value) ? "" : box().value);
export const timesText = () => (times === null ? "" : `${quantity(times)} ×`);

function emptyBox() {
  box().value = "";
  times = null;
}

export function clearEntry() {
  emptyBox();
  changed();
}

export function focusEntry() {
  box().focus();
  box().select();
}

/** A key pressed somewhere else begins an entry. */
export function typeIntoEntry(character) {
  box().value += character;
  box().focus();
  heardEntry();
}

/** «3*» is taken off the front and remembered. */
export function heardEntry() {
  const match = /^\s*([0-9๐-๙.,]+)\s*[*×]/.exec(box().value);
  const amount = match && parseMilli(match[1]);
  if (amount) {
    times = Math.min(amount, QUANTITY_MAX);
    box().value = box().value.slice(match[0].length);
  }
  changed();
}

/** A product tapped or named: by its one unit, or the one chosen. */
export function choose(product) {
  chooseUnit(product, (unit) => take(product, unit));
}

/** Add a product by a unit: what is counted at once, weights after weighing. */
function take(product, unit = ownUnit(product)) {
  const amount = times;
  emptyBox();
  if (!hasFinger()) byId("entry").blur();
  if (product.sold_by === "weight" && !unit.id && amount === null) {
    changed();
    openWeigh(product, (milli) => put(product, milli, unit));
  } else if (product.sold_by === "piece" && amount !== null && amount % MILLI !== 0) {
    changed();
    refuse(word("whole_pieces"));
  } else {
    put(product, amount ?? onePiece, unit);
  }
}

function put(product, milli, unit, printedSatang = null) {
  if (!unit.price_satang) {
    changed();
    refuse(word("no_price", { product: nameOf(product) }));
    return;
  }
  changeCart(addProduct(state.cart, product, milli, uuid7(), unit, printedSatang));
  const amount = `${quantity(milli)} ${unit.label}`;
  accept(word("added", { product: nameOf(product), amount }));
  warnWhenShort(product);
}

/** Say at once what the server would refuse at the end. */
function warnWhenShort(product) {
  const wanted = quantityOf(state.cart, product.id);
  const left = product.on_hand_milli;
  if (state.policies.oversell_policy !== "block" || left === undefined || wanted <= left) return;
  const facts = {
    product: nameOf(product),
    left: `${quantity(Math.max(0, left))} ${product.unit}`,
  };
  notify(word("only_left", facts), { tone: "warning" });
}

/**
 * A scanned code, from wherever it came. `whole` is what stood in the box with it: a scan that
 * stumbled halfway left its first half there.
 */
export function scanned(text, whole = text) {
  const code = unscrambleScan(text);
  const found = state.index && (heardCode(code) ?? heardCode(unscrambleScan(whole)));
  if (!found) refuse(word("unknown_barcode", { code }));
  else takeFound(found);
}

/** What a code means: a product by one of its units, or a label a scale printed. */
const heardCode = (code) => findCode(state.index, code) ?? readLabel(state.index, code);

function takeFound({ product, unitId, quantityMilli, printedSatang, problem }) {
  if (problem) {
    clearEntry();
    refuse(word(problem, { product: product ? nameOf(product) : "" }));
    return;
  }
  const unit = unitOf(product, unitId) ?? ownUnit(product);
  if (quantityMilli === undefined) {
    take(product, unit);
    return;
  }
  emptyBox();
  put(product, quantityMilli, unit, printedSatang);
}

function setLastQuantity(text) {
  const line = selectedLine(state.cart);
  const amount = parseMilli(text);
  const whole = line?.product.sold_by !== "piece" || (amount ?? 0) % MILLI === 0;
  if (!line || !amount || amount > QUANTITY_MAX || !whole) {
    refuse(word(line && !whole ? "whole_pieces" : "no_quantity"));
    return;
  }
  clearEntry();
  changeCart(setQuantity(state.cart, line.key, amount));
  accept(`${nameOf(line.product)} ${quantity(amount)} ${line.product.unit}`);
}

/** Enter in the box. */
export function enter() {
  const text = normalise(box().value);
  if (!text || !state.index) return;
  const star = /^[*×]\s*(.+)$/.exec(text);
  if (star) {
    setLastQuantity(star[1]);
    return;
  }
  const found = heardCode(asciiDigits(unscrambleScan(text)));
  const first = found ? null : search(state.index, text, 1)[0];
  if (found) takeFound(found);
  else if (first) choose(first);
  else refuse(word("nothing_found", { text }));
}
