/**
 * Numbers as people write and read them: Thai digits, commas, baht and satang, kilograms.
 *
 * What must stay true: text becomes an integer without ever being a fraction in between; whatever
 * can't be read gives null, never a guess.
 */

const THAI_DIGITS = "๐๑๒๓๔๕๖๗๘๙";

/** ๐–๙ to 0–9. */
export function asciiDigits(text) {
  return text.replace(/[๐-๙]/g, (digit) => String(THAI_DIGITS.indexOf(digit)));
}

/** Decimal text to an integer of 10^-places; null when it is no such number or has more places. */
export function parseFixed(text, places) {
  const plain = asciiDigits(String(text)).replace(/[\s,]/g, "").replace(/\.-$/, "");
  const match = /^([0-9]*)(?:\.([0-9]*))?$/.exec(plain);
  if (!match || (!match[1] && !match[2])) return null;
  const fraction = (match[2] ?? "").replace(/0+$/, "");
  if (fraction.length > places) return null;
  const value = Number((match[1] || "0") + fraction.padEnd(places, "0"));
  return Number.isSafeInteger(value) ? value : null;
}

/** «1,234.50» to 123450 satang. */
export const parseBaht = (text) => parseFixed(text.replace(/(บาท|฿)\s*$/, ""), 2);

/** «0.237» to 237 thousandths. */
export const parseMilli = (text) => parseFixed(text, 3);

function grouped(digits) {
  return digits.replace(/\B(?=([0-9]{3})+$)/g, ",");
}

/** 123450 satang to «1,234.50». */
export function baht(satang) {
  const digits = String(Math.abs(satang)).padStart(3, "0");
  return `${satang < 0 ? "−" : ""}${grouped(digits.slice(0, -2))}.${digits.slice(-2)}`;
}

/** Whole baht without «.00», for notes and buttons: 2000 to «20», 25 to «0.25». */
export function shortBaht(satang) {
  return baht(satang).replace(/\.00$/, "");
}

/** 237 to «0.237», 1000 to «1», 12500 to «12.5». */
export function quantity(milli) {
  const digits = String(Math.abs(milli)).padStart(4, "0");
  const fraction = digits.slice(-3).replace(/0+$/, "");
  return `${milli < 0 ? "−" : ""}${grouped(digits.slice(0, -3))}${fraction ? `.${fraction}` : ""}`;
}

/** Weights keep all three places, as the scale shows them: 1500 to «1.500». */
export function weight(milli) {
  const digits = String(milli).padStart(4, "0");
  return `${grouped(digits.slice(0, -3))}.${digits.slice(-3)}`;
}
