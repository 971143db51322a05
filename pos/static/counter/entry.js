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
import { byBarcode, search } from "./catalogue.js";
import { byId, hasFinger } from "./dom.js";
import { uuid7 } from "./identity.js";
import { asciiDigits, parseMilli, quantity } from "./numbers.js";
import { nameOf, word } from "./settings.js";
import { changeCart, changed, state } from "./state.js";
import { normalise, unscrambleScan } from "./text.js";
import { accept, notify, refuse } from "./toast.js";
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

/** Add a product: pieces at once, weights after weighing. */
export function take(product) {
  const amount = times;
  emptyBox();
  if (!hasFinger()) byId("entry").blur();
  if (product.sold_by === "weight" && amount === null) {
    changed();
    openWeigh(product, (milli) => put(product, milli));
  } else if (product.sold_by === "piece" && amount !== null && amount % MILLI !== 0) {
    changed();
    refuse(word("whole_pieces"));
  } else {
    put(product, amount ?? onePiece);
  }
}

function put(product, milli) {
  if (!product.price_satang) {
    changed();
    refuse(word("no_price", { product: nameOf(product) }));
    return;
  }
  changeCart(addProduct(state.cart, product, milli, uuid7()));
  const amount = `${quantity(milli)} ${product.unit}`;
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
  const product =
    state.index && (byBarcode(state.index, code) ?? byBarcode(state.index, unscrambleScan(whole)));
  if (product) take(product);
  else refuse(word("unknown_barcode", { code }));
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
  const product =
    byBarcode(state.index, asciiDigits(unscrambleScan(text))) ?? search(state.index, text, 1)[0];
  if (product) take(product);
  else refuse(word("nothing_found", { text }));
}
