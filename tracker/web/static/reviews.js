// Ticking all, counting the ticked, and no second click.  Without this script every button still does its work.
(function () {
  "use strict";

  var form = document.getElementById("many");
  if (form) {
    var all = form.querySelector("[data-ticks]"), told = form.querySelector("[data-ticked]");
    var boxes = Array.from(document.querySelectorAll('input[name="' + all.dataset.ticks + '"]'));
    var tell = function () {
      var ticked = boxes.filter(function (box) { return box.checked; }).length;
      told.textContent = ticked ? "已勾选 " + ticked + " 项" : "请在要通过的填报前勾选。";
      all.checked = ticked > 0 && ticked === boxes.length;
      all.indeterminate = ticked > 0 && ticked < boxes.length;
    };
    all.closest("label").hidden = !boxes.length;
    all.addEventListener("change", function () { boxes.forEach(function (box) { box.checked = all.checked; }); tell(); });
    boxes.forEach(function (box) { box.addEventListener("change", tell); });
    form.addEventListener("submit", function (event) {
      if (boxes.some(function (box) { return box.checked; })) return;
      event.preventDefault();
      if (boxes.length) boxes[0].focus();
    });
    tell();
  }

  var sent = new WeakSet();
  document.addEventListener("submit", function (event) {
    if (event.defaultPrevented) return;
    if (sent.has(event.target)) event.preventDefault();
    sent.add(event.target);
  });
  window.addEventListener("pageshow", function () { sent = new WeakSet(); });

  // A reason that is opened wants to be written.
  document.querySelectorAll(".verdict-form details").forEach(function (details) {
    details.addEventListener("toggle", function () { if (details.open) details.querySelector("textarea").focus(); });
  });
})();
