// The figures of a report as they are typed: what a rate comes to, one more exclusion, and the reason for a count that
// went back.  Without this script all fields are there, and the server computes the same.
(function () {
  "use strict";

  // The number in a field as the server reads it; NaN for what is no number, null for a blank.
  function number(field) {
    var text = field.value.normalize("NFKC").replace(/[\s,%]/g, "");
    return text === "" ? null : /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  }

  function plain(value) { return String(Math.round(value * 100) / 100); }

  // ---- A rate

  function part(rate, name) { return Array.from(rate.querySelectorAll('[data-part="' + name + '"]')); }

  function said(rate) {
    var done = number(part(rate, "done")[0]), due = number(part(rate, "due")[0]);
    if (done === null || due === null) return "";
    var excluded = part(rate, "excluded").map(number).reduce(function (sum, one) { return sum + (one || 0); }, 0);
    var counted = due - excluded;
    if (isNaN(done) || isNaN(counted) || done < 0 || counted < 0) return "请核对";
    if (done > counted) return "已办结多于应办，请核对";
    if (counted === 0) return "本季度无应办件";
    var value = done * 100 / counted;
    return (Number(plain(value)) === value ? "" : "约") + plain(value) + "%";
  }

  function rows(rate) { return Array.from(rate.querySelectorAll(".exclusion")); }
  function filled(row) { return Array.from(row.querySelectorAll("input")).some(function (field) { return field.value; }); }

  // Up to the last one that is filled in, and one blank.
  function fold(rate, atLeast) {
    var all = rows(rate), last = all.map(filled).lastIndexOf(true), shown = Math.max(last + 1, atLeast || 1);
    all.forEach(function (row, place) { row.hidden = place >= shown; });
    rate.querySelector("[data-more]").hidden = shown >= all.length;
    if (last >= 0) rate.querySelector(".exclusions").open = true;
  }

  function unfold(rate) {
    var shown = rows(rate).filter(function (row) { return !row.hidden; }).length;
    fold(rate, shown + 1);
    rows(rate)[shown].querySelector("input").focus();
  }

  // ---- A count

  function ask(why) {
    var now = number(document.getElementById(why.dataset.of));
    why.hidden = !(now !== null && now < Number(why.dataset.lessThan)) && !why.querySelector("input").value;
  }

  function refresh(form) {
    form.querySelectorAll("[data-rate]").forEach(function (rate) { rate.querySelector("output").textContent = said(rate); });
    form.querySelectorAll("[data-less-than]").forEach(ask);
  }

  document.querySelectorAll("form[data-report]").forEach(function (form) {
    var rates = Array.from(form.querySelectorAll("[data-rate]"));
    function anew() { rates.forEach(function (rate) { fold(rate); }); refresh(form); }
    rates.forEach(function (rate) { rate.querySelector("[data-more]").addEventListener("click", function () { unfold(rate); }); });
    form.addEventListener("input", function () { refresh(form); });
    form.addEventListener("filled", anew);
    anew();
  });
})();
