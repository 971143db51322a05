/** What the page hands to the scripts: a sentence for every key, a preload for every module. */

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

const root = new URL("../../", import.meta.url);
const counter = new URL("pos/static/counter/", root);
const page = readFileSync(new URL("templates/counter/_words.html", root), "utf8");
const known = new Set([...page.matchAll(/^ {2}"([a-z_]+)": _\(/gm)].map((match) => match[1]));
const scripts = readdirSync(counter).filter((name) => name.endsWith(".js"));
const source = scripts.map((name) => readFileSync(new URL(name, counter), "utf8")).join("\n");

/** Keys inside one call of word(…), up to its closing bracket. */
function keysOfCalls() {
  const keys = new Set();
  for (const match of source.matchAll(/\bword\(\s*([^()]*?(?:\([^()]*\)[^()]*?)*)[,)]/g)) {
    for (const key of match[1].matchAll(/"([a-z_]+)"/g)) keys.add(key[1]);
  }
  return keys;
}

/** Beginnings of keys made up with a template: word(`bearer_${…}`). */
const beginnings = [...source.matchAll(/\bword\(`([a-z_]+)\$\{/g)].map((match) => match[1]);

test("each key in the scripts has its sentence", () => {
  const missing = [...keysOfCalls()].filter((key) => !known.has(key));
  assert.deepEqual(missing, []);
});

test("each made-up key has at least one sentence", () => {
  for (const start of beginnings) {
    assert.ok(
      [...known].some((key) => key.startsWith(start)),
      start,
    );
  }
});

test("no sentence is there for nobody", () => {
  const unused = [...known].filter(
    (key) =>
      !source.includes(`"${key}"`) && !beginnings.some((beginning) => key.startsWith(beginning)),
  );
  // Ways to pay and kinds of movement are said by their own names, which come from the API.
  const fromTheApi = ["promptpay", "transfer", "pay_in", "pay_out", "cash"];
  assert.deepEqual(
    unused.filter((key) => !fromTheApi.includes(key)),
    [],
  );
});

test("every module the counter needs is asked for at once", () => {
  const index = readFileSync(new URL("templates/counter/index.html", root), "utf8");
  const preloaded = new Set(/module in \[([^\]]*)\]/.exec(index)[1].match(/[a-z_]+/g));
  const needed = scripts
    .map((name) => name.replace(".js", ""))
    .filter((name) => !["app", "print"].includes(name));
  assert.deepEqual(
    needed.filter((name) => !preloaded.has(name)),
    [],
  );
  assert.deepEqual(
    [...preloaded].filter((name) => !needed.includes(name)),
    [],
  );
});

test("no module passes 200 lines", () => {
  for (const name of scripts) {
    const lines = readFileSync(new URL(name, counter), "utf8").split("\n").length - 1;
    assert.ok(lines <= 200, `${name}: ${lines}`);
  }
});
