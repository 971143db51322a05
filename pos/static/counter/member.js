/**
 * Whose purchase this is: found by name, nickname or number.
 *
 * What must stay true: the answer shown belongs to the words in the box, however late it comes.
 */

import { attachMember } from "./cart.js";
import { closeDialog, openDialog } from "./dialog.js";
import { byId, fill, make, say } from "./dom.js";
import { sentenceOfOutcome } from "./problems.js";
import { question } from "./session.js";
import { word } from "./settings.js";
import { changeCart, state } from "./state.js";
import { accept } from "./toast.js";

const PAUSE_MS = 200;

let pause = null;
let asked = "";
let found = [];

function attach(member) {
  const { id, member_no, name, nickname, village } = member;
  closeDialog("member");
  changeCart(attachMember(state.cart, { id, member_no, name, nickname, village }));
  accept(`${word("member")} ${name}`);
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

export function openMember() {
  byId("member-query").value = "";
  byId("member-remove").hidden = !state.cart.member;
  fill("member-list");
  say("member-note", "");
  asked = "";
  found = [];
  openDialog("member", {
    focus: "member-query",
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
    closeDialog("member");
    changeCart(attachMember(state.cart, null));
  });
}
