// Arrow keys between the applications of the list, and no second click.  Without this script every button still works.
(function () {
  "use strict";

  var rows = Array.from(document.querySelectorAll("[data-row]"));
  document.addEventListener("keydown", function (event) {
    var step = { ArrowDown: 1, ArrowUp: -1 }[event.key], at = rows.indexOf(event.target.closest("[data-row]"));
    if (!step || !rows.length || event.altKey || event.ctrlKey || event.metaKey || event.target.closest("textarea, input, select")) return;
    if (at < 0 && event.target !== document.body && !event.target.closest("main")) return;
    var next = rows[Math.max(0, Math.min(rows.length - 1, at + step))];
    event.preventDefault();
    (next.matches("a") ? next : next.querySelector("h3 a")).focus();
  });

  var sent = new WeakSet();
  document.addEventListener("submit", function (event) {
    if (event.defaultPrevented) return;
    if (sent.has(event.target)) event.preventDefault();
    sent.add(event.target);
  });
  window.addEventListener("pageshow", function () { sent = new WeakSet(); });
})();
