// How a date stands on the reader's own day: a word and a colour beside it. The pages carry dates
// alone, so that they are the same whenever they are built; without this script these stand alone.
(() => {
  const SOON = 14;
  const DAY = 86_400_000;
  const now = new Date();
  const today = Date.UTC(now.getFullYear(), now.getMonth(), now.getDate());
  document.querySelectorAll(".k-lamp[data-by]").forEach((lamp) => {
    const left = (Date.parse(lamp.dataset.by) - today) / DAY;
    const colour = left < 0 ? "red" : left <= SOON ? "yellow" : "green";
    lamp.classList.add(`k-${colour}`);
    lamp.textContent = lamp.dataset[colour];
    lamp.hidden = false;
  });
})();
