/**
 * Whose purchase this is: found by name, nickname or number.
 *
 * What must stay true: the answer shown belongs to the words in the box, however late it comes.
 */

import { attachMember, priced } from "./cart.js";
import { closeDialog, openDialog } from "./dialog.js";
import { byId, fill, make, say } from "./dom.js";
import { baht } from "./numbers.js";
import { sentenceOfOutcome } from "./problems.js";
import { question } from "./session.js";
import { word } from "./settings.js";
import { changeCart, state } from "./state.js";
import { accept, notify } from "./toast.js";

const PAUSE_MS = 200;

let pause = null;
let asked = "";
let found = [];

function attach(member) {
  const { id, member_no, name, nickname, village } = member;
  putMember({ id, member_no, name, nickname, village });
  closeDialog("member");
  accept(`${word("member")} ${name}`);
}

/** Set or clear the member, and say it when that moves the price. */
function putMember(member) {
  const before = priced(state.cart).total_satang;
  changeCart(attachMember(state.cart, member));
  const after = priced(state.cart).total_satang;
  if (after === before) return;
  const facts = { from: baht(before), to: baht(after) };
  notify(word(member ? "member_prices" : "no_member_prices", facts), { seconds: 10 });
}

function choice(member) {
  const called = member.nickname ? ` (${member.nickname})` : "";
  return make(
    "li",
    {},
    make(
      "button",
      { class: "choice", type: "button", onclick: () => attach(member) },
      make("b", {}, member.name + called),
      make(
        "span",
        { class: "muted" },
        [member.member_no, member.village].filter(Boolean).join(" · "),
      ),
    ),
  );
}

async function find() {
  const query = byId("member-query").value.trim();
  asked = query;
  found = [];
  if (!query) {
    fill("member-list");
    say("member-note", "");
    return;
  }
  say("member-note", word("searching"));
  const outcome = await question("/members", { q: query });
  if (asked !== query) return;
  found = outcome.state === "done" ? (outcome.data.members ?? outcome.data) : [];
  fill("member-list", found.map(choice));
  const none = found.length ? "" : word("nothing_found", { text: query });
  say("member-note", outcome.state === "done" ? none : sentenceOfOutcome(outcome));
}

function heard() {
  clearTimeout(pause);
  pause = setTimeout(find, PAUSE_MS);
}

async function takeFirst() {
  clearTimeout(pause);
  if (byId("member-query").value.trim() !== asked || !found.length) await find();
  if (found.length) attach(found[0]);
}

export const openMember = () => chooseMember();

/** Ask whose bill it is; `closed` runs when the dialog shuts, whether anybody was chosen or not. */
export function chooseMember(closed) {
  byId("member-query").value = "";
  byId("member-remove").hidden = !state.cart.member;
  fill("member-list");
  say("member-note", "");
  asked = "";
  found = [];
  openDialog("member", {
    focus: "member-query",
    closed,
    keys: { Enter: takeFirst },
    scanned: (text) => {
      byId("member-query").value = text;
      takeFirst();
      return true;
    },
  });
}

export function wireMember() {
  byId("member-query").addEventListener("input", heard);
  byId("member-remove").addEventListener("click", () => {
    putMember(null);
    closeDialog("member");
  });
}
