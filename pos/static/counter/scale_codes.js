/**
 * Barcodes a shop's scale prints: the goods, and their weight or price, in one EAN-13.
 *
 * What must stay true: reads exactly what inventory/rules/scale_codes.py reads; both are held to
 * tests/vectors/scale_codes.json. A code whose check digit is wrong is never read.
 */

const LENGTH = 13;
const THOUSANDTHS = 3;
const SATANG = 2;

/** The thirteenth digit of an EAN-13: weights 1 and 3 from the left. */
export function checkDigit(firstTwelve) {
  const weighted = [...firstTwelve].reduce(
    (sum, digit, place) => sum + Number(digit) * (place % 2 ? 3 : 1),
    0,
  );
  return (10 - (weighted % 10)) % 10;
}

/**
 * What a scanned code says: {kind, item, value}; {problem} for a label of ours that can't be read;
 * null when it is no label of a scale. The longest prefix that fits is taken.
 */
export function readScaleCode(code, layouts) {
  if (code.length !== LENGTH || !/^[0-9]+$/.test(code)) return null;
  const fitting = layouts.filter((layout) => code.startsWith(layout.prefix));
  if (!fitting.length) return null;
  if (checkDigit(code.slice(0, -1)) !== Number(code.at(-1))) return { problem: "misread" };
  const layout = fitting.reduce((a, b) => (b.prefix.length > a.prefix.length ? b : a));
  const start = layout.prefix.length;
  const item = code.slice(start, start + layout.item_digits);
  // A digit between item and value is the scale's own check; ours covers all of it.
  const digits = Number(code.slice(LENGTH - 1 - layout.value_digits, LENGTH - 1));
  const places = layout.kind === "price" ? SATANG : THOUSANDTHS;
  const value = digits * 10 ** (places - layout.decimals);
  return value ? { kind: layout.kind, item, value } : { problem: "empty" };
}

/** The item as printed, and without its leading zeros: goods are entered either way. */
export function itemsOf({ item }) {
  const bare = item.replace(/^0+/, "");
  return bare && bare !== item ? [item, bare] : [item];
}
