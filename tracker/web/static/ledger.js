// What every page may use.  Nothing here is needed to get the work done: without a script the buttons remain.
(function () {
  "use strict";

  // The bar of plan, quarter and date sends itself; another plan has other quarters.
  document.querySelectorAll("form[data-submit-on-change]").forEach(function (form) {
    form.addEventListener("change", function (event) {
      var cleared = event.target.dataset.clears;
      if (cleared && form.elements[cleared]) form.elements[cleared].disabled = true;
      form.requestSubmit();
    });
  });

  // What cannot be taken back with one click asks first.
  document.addEventListener("submit", function (event) {
    var question = (event.submitter && event.submitter.dataset.confirm) || event.target.dataset.confirm;
    if (question && !event.defaultPrevented && !window.confirm(question)) event.preventDefault();
  });

  // A menu closes when one turns elsewhere, or by Escape.
  var menus = document.querySelectorAll(".tab-menu, details.person");
  document.addEventListener("click", function (event) {
    menus.forEach(function (menu) { if (!menu.contains(event.target)) menu.open = false; });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    menus.forEach(function (menu) { if (menu.open) { menu.open = false; menu.querySelector("summary").focus(); } });
  });

  // On a telephone the tabs are a strip: the one that is open is brought into sight.
  var strip = document.querySelector(".tabs");
  var open = strip && strip.querySelector("[aria-current]");
  if (open) strip.scrollLeft += open.getBoundingClientRect().left - (strip.clientWidth - open.offsetWidth) / 2;

  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.addEventListener("click", function () { window.print(); });
  });

  var summary = document.querySelector(".error-summary");
  if (summary) summary.focus();
})();
