// Nothing typed is lost: what is not saved yet lies in the browser, by person, report and version, until it is.
// Without this script every button still does its work.
(function () {
  "use strict";

  var PREFIX = "ledger.report.", NOT_BEGUN = "none";
  var forms = Array.from(document.querySelectorAll("form[data-report]"));
  var leaving = false;

  // Storage may be full, or forbidden: then the page merely forgets.
  function read(key) { try { return JSON.parse(localStorage.getItem(key)); } catch (error) { return null; } }
  function write(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); } catch (error) { /* see above */ } }
  function remove(key) { try { localStorage.removeItem(key); } catch (error) { /* see above */ } }

  function keyOf(form) { return PREFIX + form.dataset.report; }
  function versionOf(form) { return form.elements.version.value || NOT_BEGUN; }

  function fields(form) {
    return Array.from(form.elements).filter(function (field) {
      return field.name && ["hidden", "file", "submit"].indexOf(field.type) < 0 && field.type !== "fieldset";
    });
  }

  function content(form) {
    var values = {};
    fields(form).forEach(function (field) {
      if (field.type === "radio") { if (field.checked) values[field.name] = field.value; }
      else values[field.name] = field.type === "checkbox" ? field.checked : field.value;
    });
    return values;
  }

  function fill(form, values) {
    fields(form).forEach(function (field) {
      if (!(field.name in values)) return;
      if (field.type === "radio") field.checked = values[field.name] === field.value;
      else if (field.type === "checkbox") field.checked = values[field.name];
      else field.value = values[field.name];
      count(field);
    });
  }

  function same(one, other) { return JSON.stringify(one) === JSON.stringify(other); }

  // How many characters stand in a text, and whether they are too many.
  function count(field) {
    var shown = field.dataset.longest && document.getElementById(field.id + "-chars");
    if (!shown) return;
    var length = Array.from(field.value.trim()).length, most = Number(field.dataset.longest);
    shown.textContent = length + " / " + most + " 字" + (length > most ? "，超出 " + (length - most) + " 字" : "");
    shown.classList.toggle("over", length > most);
  }

  function offer(form, sentence, button, act) {
    var notice = form.querySelector(".restored"), choice = document.createElement("button");
    choice.type = "button";
    choice.className = "btn btn-link";
    choice.textContent = button;
    choice.addEventListener("click", function () { notice.hidden = true; act(); });
    notice.replaceChildren(document.createTextNode(sentence), choice);
    notice.hidden = false;
  }

  // What the browser still holds of this report: of the same version it comes back by itself, of an older one on
  // demand, and with its own version, so that saving it shows both texts and overwrites nobody's.
  function restore(form) {
    var kept = read(keyOf(form)), served = form.served;
    if (!kept || same(kept.values, content(form))) return;
    var when = new Date(kept.at).toLocaleString("zh-CN", { dateStyle: "medium", timeStyle: "short" });
    if (kept.version === versionOf(form)) {
      fill(form, kept.values);
      offer(form, "已恢复您 " + when + " 在本机填写、尚未保存的内容。", "放弃这些内容", function () { fill(form, served); forget(form); });
    } else {
      offer(form, "本机还有您 " + when + " 填写、尚未保存的内容，此后该填报已被保存过。", "取回这些内容，保存时对照", function () {
        fill(form, kept.values);
        form.elements.version.value = kept.version === NOT_BEGUN ? "" : kept.version;
        keep(form);
      });
      form.older = true;
    }
  }

  function keep(form) {
    if (same(form.served, content(form)) && !("typed" in form.dataset)) { if (!form.older) forget(form); return; }
    form.older = false;
    write(keyOf(form), { version: versionOf(form), at: Date.now(), values: content(form) });
  }

  function forget(form) { remove(keyOf(form)); }

  function unsaved(form) { return "typed" in form.dataset || !same(form.served, content(form)); }

  function guard(form) {
    form.served = content(form);
    if ("typed" in form.dataset) keep(form); else restore(form);
    fields(form).forEach(count);
    form.addEventListener("input", function (event) { count(event.target); keep(form); });
    form.addEventListener("change", function (event) { tick(event.target); weigh(event.target); keep(form); });
    form.addEventListener("submit", function (event) { send(form, event); });
  }

  // A day given means done; done asks for its day.
  function tick(field) {
    if (field.type === "checkbox" && field.dataset.opens) {
      var day = document.getElementById(field.dataset.opens);
      if (field.checked && !day.value) day.focus();
      if (!field.checked) day.value = "";
    } else if (field.type === "date") {
      var box = document.querySelector('[data-opens="' + field.id + '"]');
      if (box && field.value) box.checked = true;
    }
  }

  // Too large a file is told before it travels.
  function weigh(field) {
    if (field.type !== "file") return;
    var most = Number(field.dataset.largestMb), heavy = Array.from(field.files).filter(function (file) { return file.size > most * 1024 * 1024; });
    field.setCustomValidity(heavy.length ? "“" + heavy[0].name + "”超过 " + most + " MB，请压缩后上传，或改为填写链接。" : "");
    if (heavy.length) field.reportValidity();
  }

  // A second click while the first is under way sends nothing.
  function send(form, event) {
    var files = form.elements.files;
    if (form.sent || (files && !files.validity.valid)) { event.preventDefault(); if (!form.sent) files.reportValidity(); return; }
    form.sent = leaving = true;
    keep(form);
  }

  // The server says which report it has just kept: the browser's own copy has done its work.
  var saved = document.querySelector("[data-saved]");
  if (saved) remove(PREFIX + saved.dataset.saved);

  forms.forEach(guard);
  window.addEventListener("pageshow", function () { leaving = false; forms.forEach(function (form) { form.sent = false; }); });
  window.addEventListener("beforeunload", function (event) {
    if (leaving || !forms.some(unsaved)) return;
    event.preventDefault();
    event.returnValue = "";
  });
})();
