// The desk by keyboard: J and K walk through the links of the page, a link's own letter opens it.
// Letters typed into a field, or with Ctrl, Alt or Meta, are left alone.

const links = () => [...document.querySelectorAll("main a[href]")].filter((link) => link.offsetParent);

function step(by) {
  const all = links();
  const here = all.indexOf(document.activeElement);
  const next = here < 0 ? (by > 0 ? 0 : all.length - 1) : here + by;
  all[Math.min(Math.max(next, 0), all.length - 1)]?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.closest("input, select, textarea, [contenteditable]")) return;
  // The key's place, not its letter: a Thai keyboard has other letters there.
  const key = event.code.replace("Key", "").toLowerCase();
  if (key === "j") step(1);
  else if (key === "k") step(-1);
  else {
    const named = document.querySelector(`main a[data-key="${CSS.escape(key)}"]`);
    if (!named) return;
    named.focus();
    named.click();
  }
  event.preventDefault();
});
