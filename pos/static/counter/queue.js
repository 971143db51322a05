/**
 * The outbox: documents the till has made and the server has not yet acknowledged.
 *
 * What must stay true: a record is on disk before it is sent; it is sent again with the same id and
 * the same body until there is an answer; a refusal parks that record, never the queue behind it.
 */

const FIRST_WAIT_MS = 800;
const LONGEST_WAIT_MS = 30000;

/** Half of the wait is fixed, half is chance, so tills don't knock together after an outage. */
export function backoff(attempt, random = Math.random) {
  const whole = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempt, 10));
  return whole / 2 + (whole / 2) * random();
}

export class Outbox {
  /**
   * send(record) → outcome of api.js; settled(record, outcome) → further changes to write together
   * with the record's removal; changed(outbox) is told after every step.
   */
  constructor({ store, send, settled, changed, later = setTimeout, random = Math.random }) {
    Object.assign(this, { store, send, settled, changed, later, random });
    this.records = [];
    this.waiting = new Map();
    this.signedOut = false;
    this.failures = 0;
    this.busy = null;
    this.timer = null;
  }

  get pending() {
    return this.records.filter((record) => record.state === "pending");
  }

  get refused() {
    return this.records.filter((record) => record.state === "refused");
  }

  /** Read what the last visit left behind; `knock` then sends it. */
  async read() {
    const kept = await this.store.readAll("outbox");
    this.records = kept.sort((a, b) => (a.made_at < b.made_at ? -1 : 1));
    this.changed(this);
  }

  /** Keep a record, together with `changes`, and send it; resolves with its outcome. */
  async submit(record, changes = []) {
    const kept = { ...record, state: "pending", made_at: new Date().toISOString() };
    await this.store.write([{ store: "outbox", key: kept.id, value: kept }, ...changes]);
    this.records = [...this.records.filter((other) => other.id !== kept.id), kept];
    const answer = this.outcomeOf(kept.id);
    this.changed(this);
    this.knock();
    return answer;
  }

  /** Resolves when the record with this id is done or refused. */
  outcomeOf(id) {
    return new Promise((resolve) => {
      this.waiting.set(id, [...(this.waiting.get(id) ?? []), resolve]);
    });
  }

  /** Change what is kept about a record (never its id or body), together with `changes`. */
  async change(id, difference, changes = []) {
    const record = this.find(id);
    if (!record) return;
    Object.assign(record, difference);
    await this.store.write([{ store: "outbox", key: id, value: record }, ...changes]);
    this.changed(this);
  }

  find(id) {
    return this.records.find((record) => record.id === id) ?? null;
  }

  /** Forget a refused record; `changes` are written with its removal. */
  async forget(id, changes = []) {
    await this.store.write([{ store: "outbox", key: id }, ...changes]);
    this.records = this.records.filter((record) => record.id !== id);
    this.changed(this);
  }

  /** Try now, whatever the clock says: after a sign-in, or when the line is back. */
  knock() {
    this.signedOut = false;
    if (!this.busy) {
      this.busy = this.drain().finally(() => {
        this.busy = null;
        this.changed(this);
        this.plan();
      });
    }
    return this.busy;
  }

  plan() {
    if (this.timer || this.signedOut || !this.pending.length) return;
    this.timer = this.later(
      () => {
        this.timer = null;
        this.knock();
      },
      this.failures ? backoff(this.failures - 1, this.random) : 0,
    );
  }

  async drain() {
    let missed = false;
    for (const record of this.pending) {
      const outcome = await this.send(record);
      if (outcome.state === "signed-out") {
        this.signedOut = true;
        return;
      }
      if (outcome.state === "unreachable" || !(await this.close(record, outcome))) missed = true;
      this.failures = missed ? this.failures + 1 : 0;
      this.changed(this);
    }
  }

  /** Write down an answer; false when the disk would not take it: then it is asked for again. */
  async close(record, outcome) {
    const { changes = [], park = false } = this.settled(record, outcome) ?? {};
    try {
      if (park) await this.change(record.id, { state: "refused", problem: outcome.problem });
      else await this.forget(record.id, changes);
    } catch {
      return false;
    }
    for (const resolve of this.waiting.get(record.id) ?? []) resolve(outcome);
    this.waiting.delete(record.id);
    return true;
  }
}
