"use strict";
const charts = JSON.parse(document.getElementById("charts").textContent);
const dark = window.matchMedia("(prefers-color-scheme: dark)");

function draw(isDark) {
  for (const [place, spec] of Object.entries(charts)) {
    vegaEmbed("#" + place, spec, {
      actions: false,
      renderer: "svg",
      ast: true, // an interpreter of its own: the page's policy lets nothing be compiled
      defaultStyle: false,
      tooltip: { disableDefaultStyle: true },
      theme: isDark ? "dark" : undefined,
      config: { background: null },
    });
  }
}

function sort(table, column, header) {
  const goesUp = header.getAttribute("aria-sort") !== "ascending";
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  header.setAttribute("aria-sort", goesUp ? "ascending" : "descending");
  const isNumber = header.classList.contains("number");
  const value = (row) => row.cells[column].dataset.value ?? row.cells[column].textContent;
  const compare = (a, b) => {
    if (a === "" || b === "") return (a === "") - (b === ""); // unknown comes last, either way
    const order = isNumber ? Number(a) - Number(b) : a.localeCompare(b);
    return goesUp ? order : -order;
  };
  const rows = [...table.tBodies[0].rows];
  rows.sort((a, b) => compare(value(a), value(b)));
  table.tBodies[0].append(...rows);
}

for (const table of document.querySelectorAll("table")) {
  [...table.tHead.rows[0].cells].forEach((header, column) => {
    header.querySelector("button").addEventListener("click", () => sort(table, column, header));
  });
}
draw(dark.matches);
dark.addEventListener("change", () => draw(dark.matches));
window.addEventListener("beforeprint", () => draw(false));
window.addEventListener("afterprint", () => draw(dark.matches));
