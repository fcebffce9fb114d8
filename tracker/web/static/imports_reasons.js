// A revision's reasons stay while a counterpart is chosen on a page of its own: they are kept for the time of the visit.
(function () {
  "use strict";

  var KEY = "reasons " + location.pathname, kept = JSON.parse(sessionStorage.getItem(KEY) || "{}");
  document.querySelectorAll("textarea[form=confirm]").forEach(function (field) {
    // What the server sends back was typed later than what is kept.
    if (!field.value && kept[field.name]) field.value = kept[field.name];
    field.addEventListener("input", function () {
      kept[field.name] = field.value;
      sessionStorage.setItem(KEY, JSON.stringify(kept));
    });
  });
})();
