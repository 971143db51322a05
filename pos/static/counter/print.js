/**
 * The slip was counted as printed: open the printer's window once.
 *
 * What must stay true: reloading the page does not print again; the address loses its mark first.
 */

history.replaceState(null, "", location.pathname);
await document.fonts.ready;
window.print();
