/**
 * What a cashier can do, by name: the same for keys, buttons and the menu.
 *
 * What must stay true: every action works from the keyboard, and none of them loses a line that
 * undo can't bring back.
 */

import { isEmpty, removeLine, setQuantity } from "./cart.js";
import { openClose } from "./close.js";
import { openDialog } from "./dialog.js";
import { openDiscount } from "./discount.js";
import { byId } from "./dom.js";
import * as entry from "./entry.js";
import { openHold } from "./hold.js";
import { load } from "./load.js";
import { openMember } from "./member.js";
import { openPay } from "./pay.js";
import { openSwitch } from "./people.js";
import { openQuantity } from "./quantity.js";
import { printLast } from "./receipt.js";
import { openRefund } from "./refund.js";
import { isCounted } from "./selling.js";
import { word } from "./settings.js";
import { openMovement, openShiftPanel } from "./shift.js";
import { changeCart, clearCart, state, undo } from "./state.js";
import { paidOtherwise } from "./tender.js";
import { notify, refuse } from "./toast.js";
import { moveChoice } from "./view_bill.js";
import { openOutboxList } from "./view_till.js";
import { openWeigh } from "./weigh.js";

export function remove(key = state.cart.selected) {
  const line = state.cart.lines.find((other) => other.key === key);
  if (!line) return;
  changeCart(removeLine(state.cart, key));
  notify(word("removed"), { action: { text: word("undo"), run: undo } });
}

export function askQuantity(line) {
  const put = (milli) => changeCart(setQuantity(state.cart, line.key, milli));
  const product = { ...line.product, price_satang: line.unit_price_satang };
  if (isCounted(line)) openQuantity(product, put, line.quantity_milli);
  else openWeigh(product, put, line.quantity_milli);
}

function pay(way) {
  if (!state.shift) openShiftPanel();
  else openPay(way);
}

function clear() {
  if (isEmpty(state.cart)) return;
  if (paidOtherwise(state.cart.payments)) {
    refuse(word("payment_seen"));
    return;
  }
  clearCart();
  notify(word("cleared"), { action: { text: word("undo"), run: undo }, seconds: 10 });
}

export const ACTIONS = {
  pay: () => pay("cash"),
  promptpay: () => pay("promptpay"),
  member: openMember,
  hold: openHold,
  discount: openDiscount,
  refund: () => (state.shift ? openRefund() : openShiftPanel()),
  remove: () => remove(),
  movement: openMovement,
  "close-shift": openClose,
  "last-receipt": printLast,
  outbox: openOutboxList,
  switch: openSwitch,
  menu: () => openDialog("menu"),
  keys: () => openDialog("keys"),
  reload: () => load().then((fresh) => notify(word(fresh ? "reloaded" : "unreachable"))),
  clear,
};

export const KEYS = {
  F2: entry.focusEntry,
  F3: ACTIONS.member,
  F4: ACTIONS.hold,
  F6: ACTIONS.discount,
  F7: ACTIONS.switch,
  F8: ACTIONS.refund,
  F9: ACTIONS.pay,
  F10: ACTIONS.promptpay,
  " ": ACTIONS.pay,
  "?": ACTIONS.keys,
  Enter: entry.enter,
  Delete: ACTIONS.remove,
  ArrowUp: () => moveChoice(-1),
  ArrowDown: () => moveChoice(1),
  Escape: () => {
    entry.clearEntry();
    document.activeElement?.blur();
  },
};

/** A key typed while no field has the focus. */
export function typed({ character, key }) {
  if (character === " ") KEYS[" "]();
  else if (character === "?" || key === "?") KEYS["?"]();
  else entry.typeIntoEntry(character === "*" ? "*" : key);
}

/** Whether the entry box leaves this key to the counter. */
export const entryGives = (key) =>
  ["Enter", "ArrowUp", "ArrowDown"].includes(key) || !byId("entry").value;
