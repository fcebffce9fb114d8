// Nothing typed is lost: what is not saved yet lies in the browser, by person, report and version, until it is, and
// goes to the server by itself whenever the typing pauses.  Without this script every button still does its work.
(function () {
  "use strict";

  var PREFIX = "ledger.report.", NOT_BEGUN = "none";
  var PAUSE = 3000, AFTER_A_FIELD = 400, FIRST_WAIT = 5000, LONGEST_WAIT = 60000, PATIENCE = 20000;  // milliseconds
  var BY_HAND = ["link", "link_title"];  // like files, they are added by a press and never by themselves
  var forms = Array.from(document.querySelectorAll("form[data-report]"));
  var leaving = false;

  // Storage may be full, or forbidden: then the page merely forgets.
  function read(key) { try { return JSON.parse(localStorage.getItem(key)); } catch (error) { return null; } }
  function write(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); return true; } catch (error) { return false; } }
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
    form.dispatchEvent(new Event("filled"));  // to whoever shows what follows from the fields
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
      offer(form, "已恢复您 " + when + " 在本机填写、尚未保存的内容。", "放弃这些内容", function () { fill(form, served); keep(form); later(form, 0); });
      later(form, PAUSE);
    } else {
      offer(form, "本机还有您 " + when + " 填写、尚未保存的内容，此后该填报已被保存过。", "取回这些内容，保存时对照", function () {
        fill(form, kept.values);
        form.elements.version.value = kept.version === NOT_BEGUN ? "" : kept.version;
        keep(form);
        later(form, 0);
      });
      form.older = true;
    }
  }

  function keep(form) {
    if (same(form.served, content(form)) && !("typed" in form.dataset)) { if (!form.older) forget(form); return; }
    form.older = false;
    form.kept = write(keyOf(form), { version: versionOf(form), at: Date.now(), values: content(form) });
  }

  function forget(form) { remove(keyOf(form)); }

  function unsaved(form) { return "typed" in form.dataset || !same(form.served, content(form)); }

  function guard(form) {
    form.served = content(form);
    if ("typed" in form.dataset) { keep(form); later(form, PAUSE); } else restore(form);
    fields(form).forEach(count);
    form.addEventListener("input", function (event) { count(event.target); keep(form); later(form, PAUSE); });
    form.addEventListener("change", function (event) { tick(event.target); weigh(event.target); keep(form); later(form, PAUSE); });
    form.addEventListener("focusout", function () { later(form, AFTER_A_FIELD); });
    form.addEventListener("click", function (event) { if (event.target.type === "submit") form.pressed = event.target; });
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

  // A second click while the first is under way sends nothing; a press waits for the answer to an autosave, whose
  // version it needs.
  function send(form, event) {
    var files = form.elements.files;
    if (form.sent || (files && !files.validity.valid)) { event.preventDefault(); if (!form.sent) files.reportValidity(); return; }
    clearTimeout(form.timer);
    if (form.saving) {
      var pressed = form.pressed;
      event.preventDefault();
      form.saving.then(function () { if (pressed) pressed.click(); else form.requestSubmit(); });
      return;
    }
    form.sent = leaving = true;
    keep(form);
  }

  // ---- Saving by itself

  function later(form, wait) {
    clearTimeout(form.timer);
    form.timer = setTimeout(function () { autosave(form); }, wait);
  }

  function texts(values) {
    var plain = Object.assign({}, values);
    BY_HAND.forEach(function (name) { delete plain[name]; });
    return plain;
  }

  function autosave(form) {
    clearTimeout(form.timer);
    if (!form.dataset.autosave || form.saving || form.sent || same(texts(form.served), texts(content(form)))) return;
    var sent = content(form), body = new FormData(form);
    ["files"].concat(BY_HAND).forEach(function (name) { body.delete(name); });
    form.saving = ask(form.dataset.autosave, { method: "POST", body: body, headers: { "X-CSRFToken": form.elements.csrf_token.value } })
      .then(function (answer) { return answered(form, sent, answer); })
      .catch(function () { again(form, "网络中断，", "恢复后自动保存"); })
      .then(function () { form.saving = null; });
  }

  // A request that is given up after a while.  What would lead to the sign-in is answered like a refusal.
  function ask(address, how) {
    var giveUp = new AbortController(), timer = setTimeout(function () { giveUp.abort(); }, PATIENCE);
    var options = Object.assign({ credentials: "same-origin", redirect: "manual", signal: giveUp.signal }, how);
    return fetch(address, options).then(
      function (answer) { clearTimeout(timer); return answer; },
      function (fault) { clearTimeout(timer); throw fault; }
    );
  }

  function answered(form, sent, answer) {
    if (answer.type === "opaqueredirect" || answer.status === 400) return signInAgain(form);
    if (answer.status === 200) return answer.json().then(function (kept) { saved(form, sent, kept); });
    if (answer.status === 422) return answer.json().then(function (said) { say(form, "暂未自动保存：" + said.sentence); });
    if (answer.status === 409) return answer.json().then(function (said) { stop(form, said.sentence); });
    if (answer.status === 403 || answer.status === 404) return stop(form, "该填报不能再自动保存。");
    again(form, "暂时未能保存，", "稍后自动重试");
  }

  function saved(form, sent, answer) {
    BY_HAND.forEach(function (name) { if (name in sent) sent[name] = form.served[name]; });
    form.elements.version.value = answer.version;
    form.served = sent;
    form.wait = form.renewed = 0;
    delete form.dataset.typed;
    keep(form);
    say(form, "已自动保存 " + answer.saved_at.slice(-5));
    if (!same(texts(sent), texts(content(form)))) later(form, PAUSE);
  }

  // Somebody else saved, or it is handed in: from here on the person decides, with both texts side by side.
  function stop(form, sentence) {
    delete form.dataset.autosave;
    say(form, "已停止自动保存。" + sentence);
    var compare = document.createElement("button");
    compare.className = "btn btn-link btn-sm";
    compare.name = "act";
    compare.value = "save";
    compare.textContent = "对照两份内容";
    form.querySelector(".autosaved").append(compare);
  }

  function again(form, what, then) {
    form.wait = Math.min(2 * form.wait || FIRST_WAIT, LONGEST_WAIT);
    say(form, what + (form.kept ? "内容已存本机，" + then : then + "，请勿关闭本页"));
    later(form, form.wait);
  }

  // The session has ended.  Once the same person has signed in elsewhere, this page goes on with a token of the new one.
  function signInAgain(form) {
    var ended = function () { again(form, "登录已失效，请在新标签页中重新登录，", "登录后自动保存"); };
    if (form.renewed) { form.renewed = 0; return ended(); }
    return ask(form.dataset.token, {}).then(function (answer) {
      return answer.status === 200 ? answer.json() : {};
    }).then(function (given) {
      if (String(given.person) !== form.dataset.report.split(".")[0]) return ended();
      document.querySelectorAll("input[name=csrf_token]").forEach(function (field) { field.value = given.csrf_token; });
      form.renewed = 1;
      later(form, 0);
    });
  }

  function say(form, sentence) {
    var line = form.querySelector(".autosaved");
    if (line && line.textContent !== sentence) line.textContent = sentence;
  }

  // ---- Taking over what others, or the quarter before, have written

  function writeInto(field, text) {
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function cite(button) {
    var cited = button.closest("[data-cited]");
    cited.querySelectorAll("[data-cite-to]").forEach(function (said) {
      var field = document.getElementById(said.dataset.citeTo), line = cited.dataset.cited + "：" + said.textContent.trim();
      if (field.value.indexOf(line) < 0) writeInto(field, field.value.trim() ? field.value.trim() + "\n" + line : line);
    });
    button.textContent = "已引用";
  }

  function goOn(button) {
    var field = document.getElementById(button.dataset.takeTo);
    writeInto(field, document.getElementById(button.dataset.take).textContent.trim());
    field.focus();
  }

  // Only an empty field takes over what was written a quarter ago.
  function offerToGoOn(button) {
    var field = document.getElementById(button.dataset.takeTo);
    function empty() { button.hidden = field.value.trim() !== ""; }
    field.addEventListener("input", empty);
    button.addEventListener("click", function () { goOn(button); });
    empty();
  }

  // The server says which report it has just kept: the browser's own copy has done its work.
  var done = document.querySelector("[data-saved]");
  if (done) remove(PREFIX + done.dataset.saved);

  forms.forEach(guard);
  document.querySelectorAll("[data-cite]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { cite(button); });
  });
  document.querySelectorAll("[data-take]").forEach(offerToGoOn);
  window.addEventListener("online", function () { forms.forEach(autosave); });
  window.addEventListener("focus", function () { forms.forEach(autosave); });
  document.addEventListener("visibilitychange", function () { if (document.hidden) forms.forEach(autosave); });
  window.addEventListener("pageshow", function () { leaving = false; forms.forEach(function (form) { form.sent = false; }); });
  window.addEventListener("beforeunload", function (event) {
    if (leaving || !forms.some(unsaved)) return;
    event.preventDefault();
    event.returnValue = "";
  });

  // On paper what was handed in is read without a press; afterwards it is folded as it was.
  var folded = [];
  window.addEventListener("beforeprint", function () {
    folded = Array.from(document.querySelectorAll("details.handed:not([open])"));
    folded.forEach(function (details) { details.open = true; });
  });
  window.addEventListener("afterprint", function () {
    folded.forEach(function (details) { details.open = false; });
  });
})();
