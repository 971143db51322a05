/**
 * Short messages and the two sounds of the counter.
 *
 * What must stay true: a sound never carries a message alone; every refusal is also a sentence.
 */

import { announce, byId, make } from "./dom.js";

let audio = null;

function tone(pitches, length) {
  try {
    audio ??= new AudioContext();
    pitches.forEach((pitch, i) => {
      const wave = audio.createOscillator();
      const volume = audio.createGain();
      const at = audio.currentTime + i * length;
      wave.frequency.value = pitch;
      volume.gain.setValueAtTime(0.08, at);
      volume.gain.exponentialRampToValueAtTime(0.0001, at + length);
      wave.connect(volume).connect(audio.destination);
      wave.start(at);
      wave.stop(at + length);
    });
  } catch {
    // A till without a loudspeaker sells just as well.
  }
}

export const soundAccept = () => tone([1320], 0.09);
export const soundRefuse = () => tone([220, 180], 0.16);

/** Messages lie above an open dialog, which the browser keeps on top of everything else. */
function raise(place) {
  if (!place.showPopover) return;
  if (place.matches(":popover-open")) place.hidePopover();
  place.showPopover();
}

/** Show a sentence for a while; `action` is {text, run} and closes the message. */
export function notify(text, { tone: look = "info", action = null, seconds = 6 } = {}) {
  const box = make("div", { class: `toast ${look}` }, make("span", {}, text));
  const gone = () => box.remove();
  if (action) {
    const run = () => {
      gone();
      action.run();
    };
    box.append(make("button", { class: "button", type: "button", onclick: run }, action.text));
  }
  const place = byId("toasts");
  place.append(box);
  while (place.children.length > 3) place.firstElementChild.remove();
  raise(place);
  setTimeout(gone, seconds * 1000);
}

export function accept(text) {
  soundAccept();
  announce(text);
}

export function refuse(text) {
  soundRefuse();
  notify(text, { tone: "bad", seconds: 8 });
}
