/**
 * Giving goods back against a receipt.
 *
 * What must stay true: never more than is left of a line; the refund's id is made once per form and
 * kept while it is retried, so money is given back once.
 */

import { codeOf } from "./api.js";
import { choose, closeDialog, openDialog } from "./dialog.js";
import { all, byId, complain, fill, say } from "./dom.js";
import { uuid7 } from "./identity.js";
import { takeFromShelf } from "./load.js";
import { dayOf } from "./moments.js";
import { asciiDigits, baht } from "./numbers.js";
import { sendDocument } from "./outgoing.js";
import { askOverride } from "./override.js";
import { sentenceOf, sentenceOfOutcome } from "./problems.js";
import { inOwnUnit, refundRow, worth } from "./refund_lines.js";
import { question } from "./session.js";
import { settings, word } from "./settings.js";
import { state } from "./state.js";
import { refuse, soundAccept } from "./toast.js";

let sale = null;
let back = new Map(); // line_no → thousandths coming back
let method = "cash";
let id = null;

function show() {
  const total = sale.lines.reduce((sum, line) => sum + worth(line, back.get(line.line_no) ?? 0), 0);
  say("refund-total", `${baht(total)} ${word("baht")}`);
  byId("refund-confirm").disabled = ![...back.values()].some((milli) => milli > 0);
}

function setBack(lineNo, milli) {
  back.set(lineNo, milli);
  show();
}

function showSale() {
  back = new Map();
  id = uuid7();
  chooseMethod("cash");
  const day = dayOf(sale.occurred_at);
  say("refund-head", `${sale.receipt_no} · ${day} · ${baht(sale.due_satang)} ${word("baht")}`);
  fill(
    "refund-lines",
    sale.lines.map((line) => refundRow(line, setBack)),
  );
  byId("refund-reason").value = "";
  complain(byId("refund-reason"), "");
  byId("refund-refusal").hidden = true;
  byId("refund-form").hidden = false;
  show();
  byId("refund-lines").querySelector("input:not(:disabled)")?.select();
}

async function find(event) {
  event?.preventDefault();
  const input = byId("refund-no");
  const number = asciiDigits(input.value).trim();
  byId("refund-form").hidden = true;
  if (!number) return complain(input, word("receipt_no_missing"));
  const outcome = await question("/sales", { receipt_no: number });
  const first = outcome.data?.sales ? outcome.data.sales[0] : outcome.data;
  if (outcome.state !== "done") return complain(input, sentenceOfOutcome(outcome));
  if (!first) return complain(input, word("no_such_receipt", { number }));
  const whole = first.lines ? outcome : await question(`/sales/${first.id}`);
  if (whole.state !== "done") return complain(input, sentenceOfOutcome(whole));
  sale = first.lines ? first : whole.data;
  complain(input, "");
  return showSale();
}

function chooseMethod(value) {
  method = value;
  choose("refund-method", "method", method);
}

async function submit(event) {
  event.preventDefault();
  const reason = byId("refund-reason").value.trim();
  const lines = [...back].filter(([, milli]) => milli > 0);
  if (!reason) return complain(byId("refund-reason"), word("reason_missing"));
  if (!lines.length || !state.shift)
    return refuse(word(state.shift ? "nothing_chosen" : "shift_closed"));
  return send(reason, lines);
}

async function send(reason, lines) {
  byId("refund-confirm").disabled = true;
  const body = {
    sale_id: sale.id,
    till_id: settings.tillId,
    shift_id: state.shift.id,
    reason,
    method,
    occurred_at: new Date().toISOString(),
    lines: lines.map(([line_no, quantity_milli]) => ({ line_no, quantity_milli })),
  };
  const outcome = await sendDocument("refund", id, `/refunds/${id}`, body, "refund-refusal");
  byId("refund-confirm").disabled = false;
  if (outcome.state === "done") return done(outcome.data, lines);
  const above = codeOf(outcome.problem) === "override-needed";
  if (above && (await askOverride(outcome.problem, id, sale.receipt_no))) return send(reason, lines);
  say("refund-refusal", sentenceOf(outcome.problem));
  byId("refund-refusal").hidden = false;
  id = uuid7();
  return refuse(sentenceOf(outcome.problem));
}

function done(refund, lines) {
  const sold = new Map(sale.lines.map((line) => [line.line_no, line]));
  takeFromShelf(
    lines.map(([no, milli]) => ({
      product_id: sold.get(no).product_id,
      quantity_milli: inOwnUnit(sold.get(no), milli),
    })),
    1,
  );
  closeDialog("refund");
  say("refunded-label", word(`give_back_${refund.method ?? method}`));
  say("refunded-total", baht(refund.paid_satang));
  say("refunded-no", `${word("refund_number")} ${refund.refund_no}`);
  soundAccept();
  const close = () => closeDialog("refunded");
  openDialog("refunded", { focus: "refunded-close", keys: { Enter: close }, back: close });
}

export function openRefund() {
  byId("refund-no").value = "";
  complain(byId("refund-no"), "");
  byId("refund-form").hidden = true;
  const scanned = (text) => {
    byId("refund-no").value = text;
    find();
    return true;
  };
  openDialog("refund", { focus: "refund-no", scanned });
}

export function wireRefund() {
  byId("refund-find").addEventListener("submit", find);
  byId("refund-form").addEventListener("submit", submit);
  byId("refunded-close").addEventListener("click", () => closeDialog("refunded"));
  for (const button of all("[data-method]", byId("refund-method"))) {
    button.addEventListener("click", () => chooseMethod(button.dataset.method));
  }
  for (const button of all("[data-reason]", byId("refund-reasons"))) {
    button.addEventListener("click", () => {
      byId("refund-reason").value = button.dataset.reason;
      complain(byId("refund-reason"), "");
    });
  }
}
