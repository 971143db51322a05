/**
 * Who says it: a person chosen by name, and the PIN or the password typed for them.
 *
 * What must stay true: a secret is in its field only, emptied as soon as it was sent; where the PIN
 * doesn't work the password is asked for, and why is said.
 */

import { codeOf } from "./api.js";
import { all, byId, complain, fill, make, say } from "./dom.js";
import { sentenceOfOutcome } from "./problems.js";
import { question } from "./session.js";
import { settings, word } from "./settings.js";

const PIN_LENGTH = 6; // one that is too short is a slip, not a try
const DIGIT = /[0-9๐-๙]/gu;

/** A place to choose a person and type a secret; `id` begins the ids of its elements. */
export class Secret {
  constructor(id, fits) {
    this.id = id;
    this.fits = fits;
    this.people = [];
    this.enrolled = false;
    this.byPassword = false;
  }

  get input() {
    return byId(`${this.id}-secret`);
  }

  get person() {
    const chosen = all(`input[name=${this.id}-person]`).find((radio) => radio.checked);
    return this.people.find((one) => one.user_id === chosen?.value) ?? null;
  }

  /** Fetch who there is; false, with the reason shown, when nobody can be asked. */
  async open() {
    this.input.value = "";
    complain(this.input, "");
    fill(`${this.id}-people`);
    say(`${this.id}-note`, word("searching"));
    const outcome = await question("/till_people", { till_id: settings.tillId });
    const told = outcome.state === "done" ? outcome.data : { enrolled: false, people: [] };
    this.enrolled = told.enrolled;
    this.people = told.people.filter(this.fits);
    fill(
      `${this.id}-people`,
      this.people.map((one) => this.row(one)),
    );
    let note = "";
    if (outcome.state !== "done") note = sentenceOfOutcome(outcome);
    else if (!told.enrolled && !settings.training) note = word("not_enrolled");
    else if (!this.people.length) note = word("nobody_to_ask");
    say(`${this.id}-note`, note);
    this.show();
    return !note;
  }

  row(one) {
    return make(
      "label",
      { class: "check", onclick: (event) => this.pointed(event) },
      make("input", {
        type: "radio",
        name: `${this.id}-person`,
        value: one.user_id,
        checked: this.people.length === 1,
        onchange: () => this.show(),
      }),
      make("span", {}, one.name),
    );
  }

  /** Chosen with a finger: what is typed next is the secret. Arrow keys (detail 0) go on choosing. */
  pointed(event) {
    if (!event.detail) return;
    const radio = event.currentTarget.querySelector("input");
    if (event.target !== radio) {
      // The label would give the radio the focus after us, and with it the first digit.
      event.preventDefault();
      radio.checked = true;
      this.show();
    }
    this.input.focus();
  }

  show(byPassword = false) {
    const one = this.person;
    this.byPassword = byPassword || Boolean(one && (!one.has_pin || one.pin_shut));
    byId(`${this.id}-secret-label`).textContent = word(this.byPassword ? "password" : "pin");
    this.input.inputMode = this.byPassword ? "text" : "numeric";
    this.input.maxLength = this.byPassword ? 128 : 20;
    let why = "";
    if (one?.pin_shut) why = word("pin_shut");
    else if (one && !one.has_pin) why = word("no_pin");
    say(`${this.id}-why`, why);
  }

  /** What to send of it; null, with the mistake shown, when something is missing. */
  body() {
    const one = this.person;
    if (!one) {
      complain(this.input, word("choose_person"));
      return null;
    }
    const short = !this.byPassword && (this.input.value.match(DIGIT) ?? []).length < PIN_LENGTH;
    if (!settings.training && (short || !this.input.value)) {
      complain(this.input, word(this.byPassword ? "password_missing" : "pin_missing"));
      return null;
    }
    const secret = this.byPassword ? { password: this.input.value } : { pin: this.input.value };
    return { till_id: settings.tillId, user_id: one.user_id, ...secret };
  }

  /** The answer was no: say why, and ask for the password where only that helps. */
  refused(outcome) {
    this.input.value = "";
    if (outcome.problem && codeOf(outcome.problem) === "pin-shut") {
      const one = this.person;
      if (one) one.pin_shut = true;
    }
    this.show();
    complain(this.input, sentenceOfOutcome(outcome));
    this.input.focus();
  }
}
