// Runs before the page is drawn: light or dark as the computer is set.
(function () {
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  function apply() { document.documentElement.dataset.bsTheme = dark.matches ? "dark" : "light"; }
  apply();
  dark.addEventListener("change", apply);
  // Paper is white: light words of the dark theme would hardly be read on it.
  window.addEventListener("beforeprint", function () { document.documentElement.dataset.bsTheme = "light"; });
  window.addEventListener("afterprint", apply);
})();
