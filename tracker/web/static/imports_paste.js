// Pasting a plan: where the clipboard holds a table, its rows and cells are sent beside the plain text.
(function () {
  "use strict";

  var text = document.getElementById("text"), html = document.getElementById("pasted-html"), note = document.getElementById("pasted-note");
  var KEPT = ["rowspan", "colspan"];

  function tell(rows) { note.textContent = rows ? "已粘贴表格 " + rows + " 行，将按表格读取；改动上面的文字后，改按文字读取。" : ""; }
  // What was pasted, without styles and scripts: a sheet's clipboard is mostly these.
  function bare(source) {
    // Styles go before anything is parsed: the content policy would refuse, and report, each of them.
    source = source.replace(/<style[\s\S]*?<\/style>/gi, "").replace(/\sstyle\s*=\s*("[^"]*"|'[^']*')/gi, "");
    var page = new DOMParser().parseFromString(source, "text/html");
    page.querySelectorAll("script, meta, link, img, object, iframe, template").forEach(function (each) { each.remove(); });
    page.body.querySelectorAll("*").forEach(function (each) {
      Array.from(each.attributes).forEach(function (attribute) { if (KEPT.indexOf(attribute.name) < 0) each.removeAttribute(attribute.name); });
    });
    return page.body;
  }
  function whole() { return text.selectionStart === 0 && text.selectionEnd === text.value.length; }

  var pasting = false;
  text.addEventListener("paste", function (event) {
    var source = event.clipboardData ? event.clipboardData.getData("text/html") : "";
    var body = source && whole() ? bare(source) : null;
    var rows = body ? body.querySelectorAll("tr").length : 0;
    html.value = rows ? '<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>' + body.innerHTML + "</body></html>" : "";
    pasting = true;  // the input event that follows is the paste's own
    tell(rows);
  });
  text.addEventListener("input", function () {
    if (!pasting) { html.value = ""; tell(0); }
    pasting = false;
  });
  if (html.value) tell((html.value.match(/<tr[\s>]/g) || []).length);
})();
