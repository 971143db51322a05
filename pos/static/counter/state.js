/**
 * What this till knows right now, in one place, and who wants to hear of a change.
 *
 * What must stay true: a changed cart is on its way to disk before the screen shows it; the last
 * twenty carts can be had back by undo.
 */

import { emptyCart } from "./cart.js";
import { uuid7 } from "./identity.js";

const UNDO_DEPTH = 20;

export const state = {
  cart: emptyCart(uuid7()),
  index: null,
  categories: [],
  reasons: [],
  shift: null,
  policies: { cash_rounding_satang: 0, vat_mode: "not_registered", oversell_policy: "block" },
  lastReceipt: null,
  online: true,
};

let store = null;
let past = [];
const listeners = [];

export function keepIn(openedStore) {
  store = openedStore;
}

export const onChange = (listener) => listeners.push(listener);

export function changed() {
  for (const listener of listeners) listener(state);
}

export const keptCart = (cart) => ({ store: "draft", key: "cart", value: cart });

/** Take a new cart: shown now, kept on disk, the old one kept for undo. */
export function changeCart(cart, { undoable = true } = {}) {
  if (undoable) past = [...past.slice(1 - UNDO_DEPTH), state.cart];
  state.cart = cart;
  store?.write([keptCart(cart)]).catch(() => {});
  changed();
}

/** Have the last cart back; payments begun since are not undone by it. */
export function undo() {
  const before = past.pop();
  if (!before) return false;
  changeCart({ ...before, id: state.cart.id, payments: state.cart.payments }, { undoable: false });
  return true;
}

/** A cart the caller has already written, together with something else; nothing to undo. */
export function startAfresh(cart) {
  past = [];
  state.cart = cart;
  changed();
}

/** Leave the bill for a new one: held or cleared for good, undo can't bring it back twice. */
export function leaveCart() {
  changeCart(freshCart(), { undoable: false });
  past = [];
}

export const freshCart = () => emptyCart(uuid7());

/** Empty the bill; undo brings it back. */
export function clearCart() {
  changeCart({ ...freshCart(), id: state.cart.id });
}

export const gridSatang = () => state.policies.cash_rounding_satang ?? 0;
