// An item's page on paper: what is folded on the screen is open in print, and folded again afterwards.
(function () {
  "use strict";

  var opened = [];

  function open() {
    document.querySelectorAll("main details:not([open]):not(.no-print)").forEach(function (details) {
      details.open = true;
      opened.push(details);
    });
  }

  function close() {
    opened.splice(0).forEach(function (details) { details.open = false; });
  }

  window.addEventListener("beforeprint", open);
  window.addEventListener("afterprint", close);
})();
