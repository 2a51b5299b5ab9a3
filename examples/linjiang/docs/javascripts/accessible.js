// The theme opens its search as a dialog without a name; a screen reader needs one.
document.querySelectorAll('[data-md-component="search"][role="dialog"]').forEach((dialog) => {
  const field = dialog.querySelector("input");
  dialog.setAttribute("aria-label", (field && field.getAttribute("aria-label")) || "搜索");
});

// The theme's page for a wrong address says so in English, and not what to do.
const lost = document.querySelector("article > h1");
if (lost && lost.textContent.trim() === "404 - Not found") {
  const [title, advice, home] = document.documentElement.lang.startsWith("zh")
    ? ["没有这个网页", "网址可能有误，或者网页已经不在了。可以用上面的搜索，或者回到", "首页"]
    : ["There is no such page", "The address may be wrong, or the page is gone. Search above, or go to the ", "front page"];
  const link = document.createElement("a");
  link.href = document.querySelector("a.md-logo").href;
  link.textContent = home;
  const words = document.createElement("p");
  words.append(advice, link, /[a-z]/.test(home) ? "." : "。");
  lost.textContent = title;
  lost.after(words);
}
// A table that the theme lets scroll is reached by the keyboard as well.
addEventListener("load", () => {
  document.querySelectorAll(".md-typeset__scrollwrap").forEach((wrap) => {
    if (wrap.scrollWidth > wrap.clientWidth) wrap.tabIndex = 0;
  });
});

// Tables and pictures out of sight are not laid out at first (kaohe.css). Aids ask where everything
// is, so they are, one after another, whenever the browser has nothing else to do.
const waiting = [...document.querySelectorAll(".k-scroll, .k-figure")];
const later = window.requestIdleCallback || setTimeout;
function layOut() {
  const next = waiting.shift();
  if (!next) return;
  next.style.contentVisibility = "visible";
  requestAnimationFrame(() => later(layOut));
}
addEventListener("load", () => later(layOut));
