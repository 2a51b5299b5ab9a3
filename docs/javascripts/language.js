// The theme's switch of languages leads to a front page, since settings know no page. Every page
// stands at the same address in both languages: with a script it leads there.
const base = JSON.parse(document.getElementById("__config").textContent).base;
if (!base.startsWith("/")) {  // the page for a wrong address stands nowhere
  const top = new URL(`${base.replace(/\/$/, "")}/`, location.href);
  const page = location.pathname.slice(top.pathname.length);
  const places = "a.md-select__link[hreflang], link[rel=alternate][hreflang]";
  document.querySelectorAll(places).forEach((link) => {
    link.href = new URL(page, link.href).href;
    if (link.rel === "alternate") return;  // what search engines read; they want it whole
    // The theme would look for the page in a sitemap, which is empty without a site address;
    // it leaves alone what names its window.
    link.target = "_self";
    // The place on the page may have changed since.
    link.addEventListener("click", () => { link.hash = location.hash; });
  });
}
