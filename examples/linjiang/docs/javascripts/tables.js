// Tables that sort, and pages that filter. Without this script everything is there, in its order.
// What is chosen stands in the address (?filter=words&sort=table.column.up; ?q= is the search's),
// so that it can be sent on.
(() => {
  const tables = [...document.querySelectorAll("table.k-sortable")];
  const filter = document.querySelector(".k-filter");
  if (!tables.length && !filter) return;
  const address = new URL(location.href);

  const keep = (name, value) => {
    if (value) address.searchParams.set(name, value);
    else address.searchParams.delete(name);
    address.hash = location.hash;
    history.replaceState(null, "", address);
  };

  // --- sorting ---------------------------------------------------------------------------

  const collator = new Intl.Collator(document.documentElement.lang || "zh", { numeric: true });
  const NUMBER = /[-+]?\d+(?:\.\d+)?/;

  // 并列5 and 86.45 are numbers, – and an empty cell are nothing, which comes last either way.
  const valueOf = (cell, numbers) => {
    const text = (cell?.dataset.v ?? cell?.textContent ?? "").trim().replace(/−/g, "-");
    if (text === "" || text === "–") return null;
    if (!numbers && cell.dataset.v === undefined) return text;
    const found = NUMBER.exec(text);
    return found ? Number(found[0]) : null;
  };

  const compare = (one, other) =>
    typeof one === "number" && typeof other === "number" ? one - other
      : collator.compare(String(one), String(other));

  const sort = (table, column, down) => {
    const heads = [...table.tHead.rows[0].cells];
    const numbers = heads[column].classList.contains("n");
    const body = table.tBodies[0];
    table.inOrder ??= [...body.rows];
    const rows = table.inOrder.map((row, n) => [row, valueOf(row.cells[column], numbers), n]);
    rows.sort(([, one, n], [, other, m]) => {
      if (one === null || other === null) return (one === null) - (other === null) || n - m;
      return (down ? compare(other, one) : compare(one, other)) || n - m;
    });
    body.append(...rows.map(([row]) => row));
    heads.forEach((head, n) => {
      if (n === column) head.setAttribute("aria-sort", down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
  };

  tables.forEach((table, number) => {
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "k-sort";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        sort(table, column, down);
        keep("sort", `${number}.${column}.${down ? "down" : "up"}`);
      });
    });
  });

  const [which, column, way] = (address.searchParams.get("sort") || "").split(".");
  const chosen = tables[Number(which)];
  if (way && chosen?.tHead.rows[0].cells[Number(column)]) {
    sort(chosen, Number(column), way === "down");
  }

  // --- filtering -------------------------------------------------------------------------

  if (!filter) return;
  const field = filter.querySelector("input");
  const shown = filter.querySelector(".k-shown");
  const entries = [...document.querySelectorAll("table.k-sortable > tbody > tr, .k-by > li")]
    .map((element) => [element, element.textContent.toLowerCase()]);
  // A block with nothing left in it goes, with the heading above it.
  const blocks = [...document.querySelectorAll("table.k-sortable, .k-by")].map((list) => {
    const block = list.closest(".k-scroll, .k-clause") || list;
    const above = [];
    for (let up = block.previousElementSibling; up && !above.length; up = up.previousElementSibling) {
      if (/^H[23]$/.test(up.tagName)) above.push(up);
      else if (up.matches(".k-scroll, .k-clause, .k-filter")) break;
    }
    return [list, [block, ...above]];
  });

  const apply = () => {
    const asked = field.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const [element, text] of entries) {
      const hit = asked.every((word) => text.includes(word));
      element.hidden = !hit;
      count += hit;
    }
    for (const [list, parts] of blocks) {
      const left = list.querySelector("tbody > tr:not([hidden]), :scope > li:not([hidden])");
      for (const part of parts) part.hidden = asked.length > 0 && !left;
    }
    const told = shown.dataset.shown.replace("##", entries.length).replace("#", count);
    shown.textContent = asked.length ? told : "";
  };

  filter.hidden = false;
  field.value = address.searchParams.get("filter") || "";
  if (field.value) apply();
  field.addEventListener("input", () => {
    apply();
    keep("filter", field.value.trim());
  });
})();
