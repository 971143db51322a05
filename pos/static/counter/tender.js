/**
 * The payments of the open bill as a list: cash is one sum, the others stand each on their own.
 *
 * What must stay true: nothing here knows the screen; settle() in money.js says what it comes to.
 */

import { cashDue, settle } from "./money.js";

export const isCash = (payment) => payment.method === "cash";

export const handedOver = (payments) =>
  payments.filter(isCash).reduce((sum, payment) => sum + payment.amount_satang, 0);

export const paidOtherwise = (payments) =>
  payments.filter((payment) => !isCash(payment)).reduce((sum, p) => sum + p.amount_satang, 0);

/** The payments with this much cash; nothing means no cash at all. */
export function withCash(payments, amountSatang) {
  const others = payments.filter((payment) => !isCash(payment));
  return amountSatang > 0 ? [...others, { method: "cash", amount_satang: amountSatang }] : others;
}

export const without = (payments, position) => payments.filter((_, i) => i !== position);

/** What a payment without cash would have to be to finish the bill. */
export const leftExactly = (total, payments) =>
  Math.max(0, total - paidOtherwise(payments) - handedOver(payments));

/** Exact cash: what is due of it, taken as handed over. */
export const withExactCash = (total, payments, grid) =>
  withCash(payments, cashDue(total, paidOtherwise(payments), grid));

/** Everything the paying screen shows, for the way to pay now chosen. */
export function tenderView(total, payments, grid, way) {
  const others = paidOtherwise(payments);
  const handed = handedOver(payments);
  const byCash = way === "cash" || handed > 0;
  const due = byCash ? cashDue(total, others, grid) : Math.max(0, total - others);
  return {
    handed,
    others,
    cash_due: due,
    rounding: due - Math.max(0, total - others),
    left: Math.max(0, due - handed),
    change: Math.max(0, handed - due),
    settled: settle(total, payments, grid),
  };
}

/** The next full hundred baht above an amount, as people hand over. */
export function upToHundred(satang) {
  return Math.max(1, Math.ceil(satang / 10000)) * 10000;
}
