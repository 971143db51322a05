// The journal form from the keyboard: Enter goes on to the next row (and asks for more rows at the
// end) instead of keeping the draft; the sums of both sides are shown while typing. The server
// works all of it out again, so nothing here decides anything.

const form = document.getElementById("voucher");
const sums = document.getElementById("sums");
const THAI_ZERO = 0x0e50;

/** Read "1,234.50" or "๑๒.๕" as satang; anything else counts as nothing. */
function satang(text) {
  const plain = text
    .trim()
    .replace(/[๐-๙]/g, (digit) => String(digit.charCodeAt(0) - THAI_ZERO))
    .replaceAll(",", "");
  const found = /^(\d+)(?:\.(\d{1,2}))?$/.exec(plain);
  return found ? Number(found[1]) * 100 + Number((found[2] ?? "").padEnd(2, "0")) : 0;
}

function baht(amount) {
  const whole = Math.trunc(amount / 100).toLocaleString("en-US");
  return `${whole}.${String(amount % 100).padStart(2, "0")}`;
}

function side(name) {
  const cells = form.querySelectorAll(`[data-cell="${name}"]`);
  return [...cells].reduce((sum, cell) => sum + satang(cell.value), 0);
}

function showSums() {
  const [debit, credit] = [side("debit"), side("credit")];
  const sign = debit === credit ? "=" : "≠";
  sums.textContent = `${sums.dataset.debit} ${baht(debit)} ${sign} ${sums.dataset.credit} ${baht(credit)}`;
}

function goOn(event) {
  const cell = event.target.closest("[data-cell]");
  if (event.key !== "Enter" || !cell || cell.tagName === "SELECT") return;
  event.preventDefault();
  const next = cell.closest("[data-row]").nextElementSibling;
  if (next) next.querySelector("[data-cell]").focus();
  else form.querySelector('button[name="more"]').click();
}

form.addEventListener("input", showSums);
form.addEventListener("keydown", goOn);
showSums();
