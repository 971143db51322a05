/**
 * The PromptPay QR: drawn by the server for the exact amount, believed only when a person has seen
 * the money come in (the code itself brings no confirmation).
 *
 * What must stay true: the picture on the screen is always for the amount beside it.
 */

import { byId, complain, fill, say } from "./dom.js";
import { baht, parseBaht } from "./numbers.js";
import { sentenceOfOutcome } from "./problems.js";
import { question } from "./session.js";
import { word } from "./settings.js";

const PAUSE_MS = 350;

let shown = 0; // the amount whose picture is on the screen; 0 when there is none
let wanted = 0;
let most = 0;
let paid = () => {};
let pause = null;

function drawn(svgText) {
  const page = new DOMParser().parseFromString(svgText, "text/html");
  return document.importNode(page.querySelector("svg"), true);
}

async function draw(amount) {
  wanted = amount;
  shown = 0;
  byId("qr-seen").disabled = true;
  say("qr-amount", baht(amount));
  if (!amount) return;
  const outcome = await question("/promptpay", { amount_satang: amount });
  if (wanted !== amount) return;
  if (outcome.state !== "done") {
    fill("qr");
    say("qr-payee", sentenceOfOutcome(outcome));
    return;
  }
  const { svg, payee_name: name, payee_masked: account } = outcome.data;
  fill("qr", drawn(svg));
  say("qr-payee", [name, account].filter(Boolean).join(" · "));
  shown = amount;
  byId("qr-seen").disabled = false;
}

/** Show the code for what is left; `onPaid(payment)` when the money was seen. */
export function showPromptpay(amount, onPaid) {
  most = amount;
  paid = onPaid;
  byId("qr-part").value = "";
  complain(byId("qr-part"), "");
  say("qr-payee", "");
  fill("qr");
  draw(amount);
}

export function leavePromptpay() {
  clearTimeout(pause);
  wanted = 0;
  shown = 0;
  fill("qr");
}

export function confirmSeen() {
  if (shown) paid({ method: "promptpay", amount_satang: shown });
}

function partTyped() {
  const input = byId("qr-part");
  const amount = input.value.trim() ? parseBaht(input.value) : most;
  clearTimeout(pause);
  if (!amount || amount > most) {
    complain(input, word(amount ? "more_than_left" : "amount_unreadable"));
    draw(0);
    return;
  }
  complain(input, "");
  pause = setTimeout(() => draw(amount), PAUSE_MS);
}

export function wirePromptpay() {
  byId("qr-seen").addEventListener("click", confirmSeen);
  byId("qr-part").addEventListener("input", partTyped);
}
