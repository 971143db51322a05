/**
 * Fetching the goods, reasons, shift and policies of this till.
 *
 * What must stay true: an open bill survives new prices; it takes them, and the cashier is told.
 */

import { priced, reprice } from "./cart.js";
import { indexProducts } from "./catalogue.js";
import { baht } from "./numbers.js";
import { question } from "./session.js";
import { nameOf, settings, word } from "./settings.js";
import { changeCart, changed, state } from "./state.js";
import { notify } from "./toast.js";
import { newGoods } from "./view_goods.js";

const FRESH_MS = 5 * 60 * 1000;
const AGAIN_MS = 5000;

let loadedAt = 0;

function takeOver(catalogue) {
  state.index = indexProducts(catalogue.products);
  state.index.layouts = catalogue.scale_prefixes ?? [];
  state.reasons = catalogue.discount_reasons ?? [];
  state.policies = { ...state.policies, ...catalogue.policies };
  state.shift = catalogue.shift ?? null;
  newGoods();
  if (!repriceBill()) changed();
}

/** Take today's prices into the open bill and say what moved; whether anything did. */
export function repriceBill() {
  if (!state.index) return false;
  const before = priced(state.cart).total_satang;
  const { cart, changed: moved, gone } = reprice(state.cart, state.index.byId);
  const say = (text) => notify(text, { tone: "warning", seconds: 12 });
  const fresh = cart !== state.cart;
  if (fresh) changeCart(cart, { undoable: false });
  for (const { product, unit, from, to } of moved) {
    const facts = { product: `${nameOf(product)} (${unit.label})`, from: baht(from), to: baht(to) };
    say(word("price_moved", facts));
  }
  const after = priced(state.cart).total_satang;
  if (!moved.length && after !== before) {
    say(word("offer_moved", { from: baht(before), to: baht(after) }));
  }
  for (const line of gone) {
    say(word("gone", { product: nameOf(line.product), unit: line.product.unit }));
  }
  return fresh;
}

/** Fetch the catalogue; true when it is today's. Without any, it is asked for until it comes. */
export async function load() {
  const outcome = await question("/catalogue", { till_id: settings.tillId });
  if (outcome.state === "done") {
    loadedAt = Date.now();
    takeOver(outcome.data);
    return true;
  }
  if (!state.index) setTimeout(load, AGAIN_MS);
  return false;
}

export function wireLoad() {
  const refresh = () => {
    if (document.visibilityState === "visible" && Date.now() - loadedAt > FRESH_MS) load();
  };
  document.addEventListener("visibilitychange", refresh);
  setInterval(refresh, FRESH_MS);
}

/** What was just sold is no longer on the shelf, until the server says so too. */
export function takeFromShelf(lines, sign = -1) {
  for (const line of lines) {
    const product = state.index?.byId.get(line.product_id);
    if (product && Number.isInteger(product.on_hand_milli)) {
      product.on_hand_milli += sign * line.quantity_milli;
    }
  }
  if (!state.index) return;
  newGoods();
  changed();
}
