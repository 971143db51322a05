// Adds up net quantities and amounts of the intake form while it is typed. The server works
// everything out again; without this script the form works just the same.

const MILLI = 1000n;

/** Reads "1,234.5" or "๑๒.๕" as a whole number of `scale`-ths; null when it is no such number. */
export function scaled(text, scale) {
  const plain = text.trim().replace(/[๐-๙]/g, (digit) => String(digit.charCodeAt(0) - 0x0e50)).replaceAll(",", "");
  const found = /^(\d{1,15})(?:\.(\d*))?$/.exec(plain);
  const places = String(scale).length - 1;
  if (!found || (found[2] ?? "").replace(/0+$/, "").length > places) return null;
  const part = (found[2] ?? "").slice(0, places).padEnd(places, "0");
  return BigInt(found[1]) * BigInt(scale) + BigInt(part || "0");
}

/** Net quantity in thousandths, or null when it is not known yet. */
export function net(gross, tare, deduction) {
  const whole = scaled(gross, 1000);
  const off = [tare, deduction].map((text) => (text.trim() ? scaled(text, 1000) : 0n));
  if (whole === null || off.includes(null)) return null;
  return whole - off[0] - off[1];
}

/** What a quantity costs in satang, halves rounded up. */
export function cost(quantityMilli, unitSatang) {
  return (2n * quantityMilli * unitSatang + MILLI) / (2n * MILLI);
}

/** Thousandths as people write them: 1500 → 1.5. */
export function shownQuantity(milli) {
  const [sign, size] = milli < 0n ? ["-", -milli] : ["", milli];
  const part = String(size % MILLI).padStart(3, "0").replace(/0+$/, "");
  return sign + (size / MILLI).toLocaleString("en") + (part ? `.${part}` : "");
}

/** Satang as baht: 123450 → 1,234.50. */
export function shownBaht(satang) {
  return `${(satang / 100n).toLocaleString("en")}.${String(satang % 100n).padStart(2, "0")}`;
}

/** The narrowest terms for goods; the list comes narrowest first, an empty name means any. */
export function termsFor(list, producer, product, category) {
  const covers = (own, other) => own === "" || own === other;
  return list.find(
    (one) =>
      covers(one.producer, producer) && covers(one.product, product) && covers(one.category, category),
  );
}

/** Says under which terms a row is taken in; the server freezes them, whatever stands here. */
function showTerms(form, row, usual) {
  const list = [...form.querySelectorAll("#terms-in-force [data-producer]")].map((element) => ({
    ...element.dataset,
    words: element.textContent,
  }));
  const shown = row.querySelector("[data-terms]");
  const product = row.querySelector('[data-cell="product"]').selectedOptions[0];
  const producer = form.querySelector("#producer_id").value;
  if (!producer || !product?.value) {
    shown.textContent = "–";
    return;
  }
  const found = termsFor(list, producer, product.value, product.dataset.category);
  shown.textContent = found ? found.words : `${shown.dataset.usual} ${usual} %`;
}

function refresh(form) {
  const split = form.querySelector("#producer_id").selectedOptions[0]?.dataset.split ?? "";
  const baht = form.dataset.unitBaht;
  let total = 0n;
  for (const row of form.querySelectorAll("[data-row]")) {
    const typed = (name) => row.querySelector(`[data-cell="${name}"]`).value;
    const unit = row.querySelector('[data-cell="product"]').selectedOptions[0]?.dataset.unit ?? "";
    const quantity = net(typed("gross"), typed("tare"), typed("deduction"));
    const price = scaled(typed("price"), 100);
    const known = quantity !== null && quantity > 0n;
    row.querySelector("[data-net]").textContent =
      quantity === null ? "–" : `${shownQuantity(quantity)} ${unit}`;
    const amount = known && price !== null ? cost(quantity, price) : null;
    row.querySelector("[data-amount]").textContent =
      amount === null ? "" : `= ${shownBaht(amount)} ${baht}`;
    total += amount ?? 0n;
    showTerms(form, row, split);
  }
  form.querySelector("[data-total]").textContent = `${shownBaht(total)} ${baht}`;
  for (const cell of form.querySelectorAll('[data-cell="split"]')) cell.placeholder = split;
}

if (typeof document !== "undefined") {
  const form = document.querySelector("#intake");
  form.addEventListener("input", () => refresh(form));
  refresh(form);
}
