/**
 * The counter page: puts the parts together and starts them.
 *
 * What must stay true: nothing is sold before the outbox of the last visit has been read, so a
 * reload in the middle of a payment always finds its sale again.
 */

import { ACTIONS, KEYS, askQuantity, entryGives, remove, typed } from "./actions.js";
import { wireClose } from "./close.js";
import { askFirst, closeDialog, onQueuedScan, topDialog, wireDialogs } from "./dialog.js";
import { wireDiscount } from "./discount.js";
import { all, byId, say } from "./dom.js";
import * as entry from "./entry.js";
import { wireHold } from "./hold.js";
import { wireKeypads } from "./keypad.js";
import { wireKeys } from "./keys.js";
import { load, wireLoad } from "./load.js";
import { wireMember } from "./member.js";
import { openOutbox, outbox } from "./outgoing.js";
import { askOverride, wireOverride } from "./override.js";
import { openPay, wirePay } from "./pay.js";
import { wirePeople } from "./people.js";
import { wirePromptpay } from "./promptpay.js";
import { wireQuantity } from "./quantity.js";
import { wireReceipt } from "./receipt.js";
import { wireRefund } from "./refund.js";
import { followOpenSale, followOthers, recordSale, showSendingState, wireSale } from "./sale.js";
import { signedIn, wireSession } from "./session.js";
import { settings, word } from "./settings.js";
import { openShiftPanel, wireShift } from "./shift.js";
import { keepIn, onChange, state, undo } from "./state.js";
import { forgetStore, openStore } from "./store.js";
import { notify, refuse, soundRefuse } from "./toast.js";
import { changeUnit, severalUnits } from "./units.js";
import { showBill, wireBill } from "./view_bill.js";
import { showGoods, wireGoods } from "./view_goods.js";
import { showTill, wireTill } from "./view_till.js";
import { wireWeigh } from "./weigh.js";

function showEntry() {
  byId("entry-clear").hidden = !entry.entryText() && !entry.timesText();
  byId("entry-times").hidden = !entry.timesText();
  say("entry-times", entry.timesText());
  showGoods(entry.query());
}

function showStage(view) {
  byId("stage").dataset.view = view;
  for (const button of all(".switch [data-view]")) {
    button.setAttribute("aria-pressed", String(button.dataset.view === view));
  }
}

function wirePage() {
  for (const button of all("[data-do]")) {
    button.addEventListener("click", () => {
      closeDialog("menu");
      ACTIONS[button.dataset.do]();
    });
  }
  for (const button of all(".switch [data-view]")) {
    button.addEventListener("click", () => showStage(button.dataset.view));
  }
  byId("entry").addEventListener("input", entry.heardEntry);
  byId("entry-clear").addEventListener("click", entry.clearEntry);
  wireBill({
    ...{ askQuantity, changeUnit, severalUnits, remove },
    ...{ discount: ACTIONS.discount, member: ACTIONS.member },
  });
  wireGoods(entry.choose);
  onQueuedScan(entry.scanned);
  wireKeys({ keys: KEYS, typed, scanned: entry.scanned, undo, entryGives });
}

function wireParts() {
  wireDialogs();
  wireKeypads();
  wireWeigh();
  wireQuantity();
  wireMember();
  wireDiscount();
  wireHold();
  wireRefund();
  wireShift();
  wireClose();
  wirePromptpay();
  wirePay();
  wirePeople();
  wireOverride();
  wireTill();
  wirePage();
}

/** A refused sale is back on the counter: say why where the money is. */
async function saleRefused(sentence, code, { problem, record }) {
  if (code === "override-needed") {
    soundRefuse();
    if (await askOverride(problem, record.id)) {
      await recordSale(record.cart.payments);
      return;
    }
  }
  if (code === "shift-closed" && !state.shift) {
    refuse(sentence);
    openShiftPanel();
    return;
  }
  soundRefuse();
  openPay("cash");
  say("pay-refusal", sentence);
  byId("pay-refusal").hidden = false;
}

function outboxChanged() {
  showTill();
  showSendingState();
  if (outbox?.signedOut && topDialog()?.id !== "sign-in") signedIn();
}

/** Two tabs of one till would overwrite each other's open bill. */
function warnOfOtherTab() {
  const name = `sunruam-counter-${settings.tillId}${settings.training ? "-training" : ""}`;
  navigator.locks?.request(name, { ifAvailable: true }, (lock) => {
    if (lock) return new Promise(() => {}); // held until this tab closes
    notify(word("other_tab"), { tone: "warning", seconds: 30 });
    return null;
  });
}

async function start() {
  wireParts();
  warnOfOtherTab();
  wireSession(() => outbox.knock());
  wireSale(saleRefused);
  const name = `sunruam-${settings.centreId}-${settings.tillId}`;
  if (settings.training) await forgetStore(`${name}-training`);
  const store = await openStore(settings.training ? `${name}-training` : name);
  keepIn(store);
  wireLoad();
  state.cart = (await store.read("draft", "cart")) ?? state.cart;
  onChange(showBill);
  onChange(showEntry);
  onChange(showTill);
  openOutbox(store, outboxChanged);
  await outbox.read();
  followOpenSale();
  followOthers();
  outbox.knock();
  const fresh = await load();
  await wireReceipt(store, entry.scanned, entry.clearEntry);
  if (!fresh && !state.index) notify(word("unreachable"), { tone: "bad", seconds: 30 });
  if (fresh && !state.shift && !topDialog()) openShiftPanel();
  document.body.dataset.ready = "1";
}

start().catch(async () => {
  await askFirst(word("cannot_start_title"), word("cannot_start"), word("try_again"));
  location.reload();
});
