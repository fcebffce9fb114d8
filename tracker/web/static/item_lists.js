// The ledger's lists: filters fold on a telephone; "/" goes to the search, j and k to the next and previous line.
(function () {
  "use strict";

  var folded = document.querySelector(".folded-filters");
  if (folded && window.matchMedia("(max-width: 40rem)").matches) folded.open = false;

  var search = document.querySelector("[data-search]");
  var rows = Array.from(document.querySelectorAll("[data-row]"));

  function typing(target) { return target.closest("input, select, textarea, [contenteditable]"); }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
    if (event.key === "/" && search) { event.preventDefault(); search.focus(); search.select(); return; }
    var step = { j: 1, k: -1 }[event.key];
    if (!step || !rows.length) return;
    var at = rows.indexOf(document.activeElement);
    rows[Math.min(Math.max(at + step, 0), rows.length - 1)].focus();
  });
})();
