/**
 * Follows a job that is being made: moves the bar, and reloads the page when it is finished.
 *
 * Without this script the page reloads itself; what must stay true is that both show the same.
 */

const FINISHED = new Set(["done", "failed"]);
const SLOWEST_MS = 15_000;

const card = document.getElementById("job");
const bar = document.getElementById("job-progress");
const steps = document.getElementById("job-steps");
const figure = new Intl.NumberFormat("en-US");
let wait = Number(card.dataset.seconds) * 500;
let leaving = false;

/** Show the page as it is now, unless another page was just asked for: that one comes first. */
function again() {
  if (!leaving) return location.reload();
  leaving = false; // it may have been a file: the page stays then
  return setTimeout(look, SLOWEST_MS);
}

async function look() {
  try {
    const answer = await fetch(card.dataset.url, { headers: { Accept: "application/json" } });
    if (answer.ok) {
      const job = await answer.json();
      bar.max = job.progress_total;
      bar.value = job.progress_done;
      steps.hidden = job.progress_total === 1;
      steps.textContent = `${figure.format(job.progress_done)} / ${figure.format(job.progress_total)}`;
      if (FINISHED.has(job.state)) {
        return again();
      }
    } else if (answer.status < 500) {
      return again(); // signed out, or gone: let the page say so
    }
  } catch {
    // Away for a moment: ask again, later each time.
  }
  wait = Math.min(wait * 1.2, SLOWEST_MS);
  return setTimeout(look, wait);
}

addEventListener("beforeunload", () => {
  leaving = true;
});
setTimeout(look, wait);
