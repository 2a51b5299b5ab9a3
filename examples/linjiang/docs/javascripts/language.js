// The switch of languages, and what search engines are told, name the other language's front
// page, since settings know no page; every page stands at the same address in both.
const base = JSON.parse(document.getElementById("__config").textContent).base;
if (!base.startsWith("/")) {  // the page for a wrong address is in no language's place
  const top = new URL(`${base.replace(/\/$/, "")}/`, location.href);
  const page = location.pathname.slice(top.pathname.length);
  document.querySelectorAll('a.md-select__link[hreflang], link[rel="alternate"][hreflang]').forEach((link) => {
    link.href = new URL(page, link.href).href;
    // As late as possible: the place on the page may have changed since.
    link.addEventListener("click", () => { link.hash = location.hash; });
  });
}
