// The theme's switch of languages leads to a front page, since settings know no page. Every page
// stands at the same address in both languages: with a script it leads there. Pages for developers
// are in English alone, and say so; from them it leads to the front page.
const base = JSON.parse(document.getElementById("__config").textContent).base;
if (!base.startsWith("/")) {  // the page for a wrong address stands nowhere
  const top = new URL(`${base.replace(/\/$/, "")}/`, location.href);
  const alone = document.querySelector("[data-english-only]");
  const page = alone ? null : location.pathname.slice(top.pathname.length);
  const there = (link) => page === null ? link.href : new URL(page || ".", link.href).href;
  document.querySelectorAll("a.md-select__link[hreflang]").forEach((link) => {
    link.href = there(link);
    // The theme would look for the page in a sitemap, which is empty without a site address;
    // it leaves alone what names its window.
    link.target = "_self";
    // The place on the page may have changed since.
    link.addEventListener("click", () => { link.hash = location.hash; });
  });
  // For search engines, which ask for whole addresses. Until the page is loaded the theme looks
  // for sitemaps beside these.
  addEventListener("load", () => {
    document.querySelectorAll("link[rel=alternate][hreflang]").forEach((link) => {
      link.href = there(link);
    });
  });
}
