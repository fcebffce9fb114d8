// The search among many units, and no second click.  Without this script all units stand to be ticked.
(function () {
  "use strict";

  var search = document.querySelector("[data-unit-search]");
  if (search) {
    var list = search.closest("details"), none = list.querySelector("[data-unit-none]");
    search.closest("p").hidden = false;
    search.addEventListener("input", function () {
      var wanted = search.value.trim(), found = 0;
      list.querySelectorAll("[data-unit]").forEach(function (label) {
        label.hidden = wanted !== "" && !label.dataset.unit.includes(wanted);
        if (!label.hidden) found += 1;
      });
      none.hidden = found > 0;
    });
    search.addEventListener("keydown", function (event) { if (event.key === "Enter") event.preventDefault(); });
  }

  var sent = new WeakSet();
  document.addEventListener("submit", function (event) {
    if (event.defaultPrevented) return;
    if (sent.has(event.target)) event.preventDefault();
    sent.add(event.target);
  });
  window.addEventListener("pageshow", function () { sent = new WeakSet(); });
})();
