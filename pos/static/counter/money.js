/**
 * The sums of a sale, worked out in the page while the basket grows.
 *
 * What must stay true: equal to the server's rules to the satang. tests/vectors/pricing.json is run
 * through both. Amounts are whole satang, quantities whole thousandths; products of the two are
 * taken in BigInt, so no step ever passes through a fraction.
 */

export const MILLI = 1000;

function whole(value) {
  if (!Number.isSafeInteger(value)) {
    throw new RangeError(`not a whole number of satang or thousandths: ${value}`);
  }
  return value;
}

/** Divide two BigInts ≥ 0, halves rounded up. */
function halfUp(numerator, denominator) {
  return (2n * numerator + denominator) / (2n * denominator);
}

/** The price of a quantity at a price a unit, halves rounded up. */
export function grossOf(quantityMilli, unitPriceSatang) {
  const product = BigInt(whole(quantityMilli)) * BigInt(whole(unitPriceSatang));
  return whole(Number(halfUp(product, BigInt(MILLI))));
}

/** A share of an amount given in basis points (1050 = 10.5 %), halves rounded up. */
export function shareOf(amountSatang, basisPoints) {
  return Number(halfUp(BigInt(whole(amountSatang)) * BigInt(whole(basisPoints)), 10000n));
}

/** Share `total` out by weight so that the parts sum to it: largest remainder, ties by position. */
export function splitByWeight(total, weights) {
  const sum = weights.reduce((left, right) => left + BigInt(whole(right)), 0n);
  if (sum === 0n) {
    return weights.map(() => 0);
  }
  const pot = BigInt(whole(total));
  const parts = weights.map((weight, position) => ({
    position,
    share: (pot * BigInt(weight)) / sum,
    remainder: (pot * BigInt(weight)) % sum,
  }));
  let left = pot - parts.reduce((taken, part) => taken + part.share, 0n);
  const byRemainder = [...parts].sort((a, b) =>
    a.remainder === b.remainder ? a.position - b.position : a.remainder > b.remainder ? -1 : 1,
  );
  for (const part of byRemainder) {
    if (left <= 0n) break;
    part.share += 1n;
    left -= 1n;
  }
  return parts.map((part) => Number(part.share));
}

/**
 * Gross and net of each line and the total of a basket, after line and basket discounts; a line's
 * own gross stands, for tiers may have made it (tiers.js).
 */
export function priceBasket(lines, basketDiscountSatang = 0) {
  const gross = lines.map(
    (line) => line.gross_satang ?? grossOf(line.quantity_milli, line.unit_price_satang),
  );
  const afterLine = lines.map((line, i) => gross[i] - whole(line.discount_satang ?? 0));
  const shares = splitByWeight(basketDiscountSatang, afterLine);
  const subtotal = afterLine.reduce((left, right) => left + right, 0);
  return {
    gross_satang: gross,
    after_line_satang: afterLine,
    net_satang: afterLine.map((amount, i) => amount - shares[i]),
    subtotal_satang: whole(subtotal),
    total_satang: whole(subtotal - whole(basketDiscountSatang)),
  };
}

/** What is left for cash when `nonCashSatang` is paid otherwise: down to the grid, 0 = no grid. */
export function cashDue(totalSatang, nonCashSatang, gridSatang) {
  const rest = Math.max(0, whole(totalSatang) - whole(nonCashSatang));
  return gridSatang > 0 ? rest - (rest % gridSatang) : rest;
}

/**
 * Settle payments against a total.
 *
 * Only the part paid in cash is rounded, always down, in the customer's favour; change comes only
 * out of cash. `short_satang` > 0 says what is still missing, `over_satang` > 0 what was paid too
 * much where no change is possible.
 */
export function settle(totalSatang, payments, gridSatang) {
  const sumOf = (list) => list.reduce((left, payment) => left + whole(payment.amount_satang), 0);
  const handed = sumOf(payments.filter((payment) => payment.method === "cash"));
  const nonCash = sumOf(payments.filter((payment) => payment.method !== "cash"));
  const rest = totalSatang - nonCash;
  const rounds = handed > 0 || nonCash === 0;
  const due = rounds ? cashDue(totalSatang, nonCash, gridSatang) : Math.max(0, rest);
  const rounding = rest > 0 ? due - rest : 0;
  return {
    rounding_satang: rounding,
    due_satang: whole(totalSatang + rounding),
    cash_due_satang: due,
    change_satang: Math.max(0, handed - due),
    short_satang: Math.max(0, due - handed),
    over_satang: Math.max(0, -rest) + (due === 0 ? handed : 0),
  };
}

/** The refundable part of `amount` for `taken` of `whole` when `before` has already gone back. */
export function telescope(amountSatang, wholeMilli, beforeMilli, takenMilli) {
  const upTo = (quantity) =>
    Number(halfUp(BigInt(whole(amountSatang)) * BigInt(whole(quantity)), BigInt(wholeMilli)));
  return upTo(beforeMilli + takenMilli) - upTo(beforeMilli);
}
