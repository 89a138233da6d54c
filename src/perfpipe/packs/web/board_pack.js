"use strict";
(() => {
  const compare = (column, down) => (one, other) => {
    const [a, b] = [one, other].map((row) => row.cells[column].dataset.sort);
    if (!a || !b) return (a ? 0 : 1) - (b ? 0 : 1);
    const [x, y] = [Number(a), Number(b)];
    const order = Number.isNaN(x) || Number.isNaN(y) ? a.localeCompare(b, "en-GB") : x - y;
    return down ? -order : order;
  };

  const sortable = (table, rows, sortedRows) => {
    const groups = [...table.tBodies];
    const homes = new Map(rows.map((row) => [row, row.parentElement]));
    const sorted = document.createElement("tbody");
    const heads = [...table.tHead.rows[0].cells];
    const sort = (column) => {
      const was = heads[column].getAttribute("aria-sort");
      const next = { ascending: "descending", descending: "none" }[was] || "ascending";
      heads.forEach((head) => head.hasAttribute("aria-sort") && head.setAttribute("aria-sort", "none"));
      heads[column].setAttribute("aria-sort", next);
      if (next === "none") {
        sorted.remove();
        rows.forEach((row) => homes.get(row).append(row));
        groups.forEach((group) => table.append(group));
      } else {
        groups.forEach((group) => group.remove());
        sorted.replaceChildren(...[...rows].sort(compare(column, next === "descending")));
        table.append(sorted);
      }
      sortedRows();
    };
    heads.forEach((head, column) => {
      const isDrawn = rows.some((row) => row.cells[column].querySelector("svg[role=img]"));
      if (isDrawn || rows.every((row) => !row.cells[column].dataset.sort)) return;
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      button.addEventListener("click", () => sort(column));
      head.replaceChildren(button);
      head.setAttribute("aria-sort", "none");
    });
  };

  const filterable = (form, table, rows) => {
    const said = form.querySelector("[role=status]");
    const show = () => {
      const wanted = Object.fromEntries(new FormData(form));
      const words = (wanted.words || "").toLowerCase().split(/\s+/).filter(Boolean);
      rows.forEach((row) => {
        const told = `${row.dataset.topic} ${row.textContent}`.toLowerCase();
        row.hidden = !["status", "change", "topic"].every((name) => !wanted[name] || row.dataset[name] === wanted[name])
          || !words.every((word) => told.includes(word));
      });
      table.querySelectorAll("tr.group").forEach((head) => {
        head.hidden = ![...head.parentElement.rows].some((row) => row !== head && !row.hidden);
      });
      said.textContent = `${rows.filter((row) => !row.hidden).length} of ${rows.length} measures shown`;
    };
    ["input", "change"].forEach((what) => form.addEventListener(what, show));
    form.addEventListener("reset", () => setTimeout(show));
    form.addEventListener("submit", (event) => event.preventDefault());
    form.hidden = false;
    show();
    return show;
  };

  document.querySelectorAll("form.tools").forEach((form) => {
    const table = document.getElementById(form.dataset.for);
    const rows = [...table.querySelectorAll("tbody tr:not(.group)")].filter((row) => row.dataset.topic !== undefined);
    sortable(table, rows, filterable(form, table, rows));
  });

  const scrolls = new ResizeObserver((seen) => seen.forEach(({ target }) => {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }));
  document.querySelectorAll(".scroll").forEach((each) => scrolls.observe(each));
})();
