/**
 * Thai text as people type and search it.
 *
 * What must stay true: the same normal form and skeleton as the server's core.text, so what is
 * found at the counter is what is found in the office. Never NFKC: it splits ำ in two.
 */

import { asciiDigits } from "./numbers.js";

const US = "1234567890-=qwertyuiop[]asdfghjkl;'zxcvbnm,./\\";
const TH = "ๅ/-ภถุึคตจขชๆไำพะัีรนยบลฟหกดเ้่าสวงผปแอิืทมใฝฃ";
// With Shift held, as for the letter of a lot's number; only what no US keyboard writes by itself.
const US_SHIFTED = "@#$%^&*()_+QERTYUIOP{|ASDFGHJKL:CVBN<>?";
const TH_SHIFTED = "๑๒๓๔ู฿๕๖๗๘๙๐ฎฑธํ๊ณฯญฐฅฤฆฏโฌ็๋ษศซฉฮฺ์ฒฬฦ";
const TO_US = new Map(
  [...(TH + TH_SHIFTED)].map((letter, i) => [letter, (US + US_SHIFTED)[i]]),
);
const TO_TH = new Map([...US].map((letter, i) => [letter, TH[i]]));

const translate = (text, map) => [...text].map((letter) => map.get(letter) ?? letter).join("");

/** What the keys would have given on the other layout. */
export const asTypedOnUs = (text) => translate(text, TO_US);
export const asTypedOnThai = (text) => translate(text.toLowerCase(), TO_TH);

/** Undo a scanner that typed on a Thai layout: «คคถจจจจจจจจๅจ» to 8850000000010. */
export function unscrambleScan(text) {
  const scrambled = text.length >= 8 && !/[0-9A-Za-z]/.test(text);
  return scrambled ? asTypedOnUs(text) : text;
}

/** One way to write each Thai word: marks in order, no invisible characters, single spaces. */
export function normalise(text) {
  return text
    .normalize("NFC")
    .replace(/\u00a0/g, " ")
    .replace(/[\u200b-\u200f\u2060\ufeff]/g, "")
    .replace(/เเ/g, "แ")
    .replace(/([\u0e48-\u0e4c]+)([\u0e31\u0e34-\u0e3a\u0e47\u0e4d])/g, "$2$1")
    .replace(/\u0e4d([\u0e48-\u0e4b]?)\u0e32/g, "$1\u0e33")
    .replace(/([\u0e48-\u0e4b])\u0e4d\u0e32/g, "$1\u0e33")
    .replace(/\u0e33([\u0e48-\u0e4b])/g, "$1\u0e33")
    .replace(/([\u0e31\u0e34-\u0e3a\u0e47-\u0e4d])\1+/g, "$1")
    .replace(/\s+/g, " ")
    .trim();
}

/** A forgiving key of normal text: no tone marks, spaces or dots, Arabic digits, small letters. */
export function skeletonOfNormal(text) {
  return asciiDigits(text.replace(/[\u0e47-\u0e4c\u0e4e\s.]/g, "").toLowerCase());
}

export const skeleton = (text) => skeletonOfNormal(normalise(text));

/** A skeleton's consonants, for a hurried «กลว» that means กล้วย; Latin letters and digits stay. */
export const consonantsOf = (skeletonText) => skeletonText.replace(/[\u0e2f-\u0e4e]/g, "");
