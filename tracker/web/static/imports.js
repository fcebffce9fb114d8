// The draft page: keys, no loss of place or of typed text, and two columns that scroll together.
// Nothing here is needed to get the work done: without a script every link and button works by itself.
(function () {
  "use strict";

  var main = document.getElementById("main");
  document.documentElement.classList.add("scripted");

  function one(selector, within) { return (within || document).querySelector(selector); }
  function all(selector, within) { return Array.prototype.slice.call((within || document).querySelectorAll(selector)); }
  function pane(name) { return document.getElementById(name); }

  // --- Typed text is never lost

  var edited = false;  // the item's form: it is saved before another item opens
  var typed = {};      // the fields of other forms: they are carried over when the page comes anew
  function form() { return document.getElementById("item-form"); }
  document.addEventListener("input", function (event) {
    var field = event.target;
    if (field.form && field.form === form()) edited = true;
    else if (field.id && field.form && field.form.matches("[data-swap]") && field.type !== "checkbox") typed[field.id] = field.value;
  });
  window.addEventListener("beforeunload", function (event) {
    if (edited || Object.keys(typed).some(function (id) { return id !== "scope" && id !== "role"; })) event.preventDefault();
  });

  // --- Fetching the page again without losing the place

  function boxes() { return all("#assign input[name], [form=assign]").filter(function (box) { return box.type === "checkbox"; }); }
  function remember() {
    var state = { open: {}, scroll: {}, ticked: {} };
    all("main details[id]").forEach(function (each) { state.open[each.id] = each.open; });
    ["document", "items"].forEach(function (name) { state.scroll[name] = pane(name).scrollTop; });
    boxes().forEach(function (box) { state.ticked[box.name + box.value] = box.checked; });
    return state;
  }
  function restore(state, sent) {
    // Folds stay as the clerk left them, but for those whose form was just sent, and those with something to mend.
    all("main details[id]").forEach(function (each) {
      var done = sent && (each.id === "unit-picker" && sent.id === "assign" || each.id === state.within && /^(facts|add)$/.test(each.id));
      if (each.id in state.open && !done && !one(".field-error, .theirs, #name-form", each)) each.open = state.open[each.id];
    });
    ["document", "items"].forEach(function (name) { pane(name).scrollTop = state.scroll[name]; });
    if (!sent || sent.id !== "assign") boxes().forEach(function (box) { box.checked = box.checked || Boolean(state.ticked[box.name + box.value]); });
    Object.keys(typed).forEach(function (id) {
      var field = document.getElementById(id);
      if (field) field.value = typed[id];
    });
  }
  function say(sentence) {
    all(".script-notice").forEach(function (old) { old.remove(); });
    var notice = document.createElement("p");
    notice.className = "notice notice-danger script-notice";
    notice.setAttribute("role", "alert");
    notice.textContent = sentence;
    main.prepend(notice);
  }
  function show(text, address, sent) {
    var page = new DOMParser().parseFromString(text, "text/html");
    if (!one(".bench", page)) return false;
    var state = remember();
    if (sent && sent.closest("details")) state.within = sent.closest("details").id;
    if (sent) all("[id]", sent).forEach(function (field) { delete typed[field.id]; });
    main.replaceChildren.apply(main, Array.prototype.slice.call(page.getElementById("main").childNodes));
    document.title = page.title;
    edited = false;
    restore(state, sent);
    if (address) history.replaceState(null, "", address);
    settle(address ? new URL(address).hash : "");
    return true;
  }
  var busy = false;
  function fetchPage(address, options, sent) {
    if (busy) return Promise.resolve();
    busy = true;
    document.documentElement.classList.add("busy");
    return fetch(address, options).then(function (response) {
      return response.text().then(function (text) { arrived(response, text, placed(response.url, address), sent); });
    }).catch(function () {
      say("网络不通，刚才的操作没有完成，已填写的内容仍在页面上，请稍后重试。");
    }).finally(function () {
      busy = false;
      document.documentElement.classList.remove("busy");
    });
  }
  // Where the answer belongs: a response knows its address, but not the place within the page.
  function placed(answered, asked) {
    var item = new URL(answered).searchParams.get("item"), hash = new URL(asked, location.href).hash;
    return answered.split("#")[0] + (item ? "#item-" + item : hash);
  }
  function arrived(response, text, address, sent) {
    var here = new URL(response.url).pathname;
    if (here.indexOf("/sign-in") === 0) return say("登录已失效，刚才的操作没有保存，已填写的内容仍在页面上。请先复制保存，再重新登录。");
    // A refused form comes back under the address of its form: the page keeps its own.
    if (show(text, response.ok ? address : null, sent)) return undefined;
    if (response.ok) { edited = false; typed = {}; location.href = response.url; return undefined; }
    var sentence = one(".sentence", new DOMParser().parseFromString(text, "text/html"));
    return say((sentence ? sentence.textContent : "未能办理。") + "已填写的内容仍在页面上。");
  }

  // After a page has come: rows, counts, and the current item in sight.
  function settle(hash) {
    all("[data-row][data-kind]").forEach(kindOf);
    countPicked();
    all(".draft-page > .notice-success, .draft-page > .notice-info").forEach(function (notice) {
      setTimeout(function () { notice.remove(); }, 6000);
    });
    var problem = one(".item-open .error-summary, .theirs, .assign .field-error, .name-form .field-error");
    if (problem) { problem.tabIndex = -1; problem.scrollIntoView({ block: "center" }); problem.focus(); return; }
    var current = document.getElementById("current");
    if (hash.indexOf("#item-") === 0 && current) {
      current.focus({ preventScroll: true });
      bring("items", one("[data-now]"));
      bring("document", document.getElementById("source-" + current.dataset.current));
    } else if (hash.length > 1 && document.getElementById(hash.slice(1))) {
      document.getElementById(hash.slice(1)).scrollIntoView({ block: "nearest" });
    }
  }
  function bring(name, element) {
    if (!element) return;
    var box = pane(name), top = element.getBoundingClientRect().top - box.getBoundingClientRect().top;
    leader = null;
    if (box.scrollHeight > box.clientHeight + 2) box.scrollTop += top - (name === "items" ? 60 : 90);
    else if (name === "items") element.scrollIntoView({ block: "start" });
  }

  // --- Links and buttons that stay on the page

  function leave(address) {
    var open = form();
    if (!edited || !open) return fetchPage(address, {}, null);
    open.elements.leave_for.value = new URL(address, location.href).searchParams.get("item") || "";
    return send(open, null);
  }
  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[data-swap]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
      event.preventDefault();
      if (link.hasAttribute("data-discards")) edited = false;
      leave(link.href);
    }
    var opener = event.target.closest("[data-opens]");
    if (opener) document.getElementById(opener.dataset.opens).open = true;
    var fold = event.target.closest("a[href^='#line-'], a[href^='#at-']");
    if (fold) reveal(document.getElementById(fold.getAttribute("href").slice(1)));
  });
  function reveal(place) {
    var fold = place && place.closest("details");
    if (fold) fold.open = true;
  }
  function send(target, button) {
    var data = new FormData(target);
    if (button && button.name) data.append(button.name, button.value);
    return fetchPage(target.action, { method: "POST", body: data }, target);
  }
  // A second click while the answer is awaited is the same act, and does not ask again.
  document.addEventListener("submit", function (event) {
    if (event.target.dataset.sent) { event.preventDefault(); event.stopPropagation(); }
  }, true);
  window.addEventListener("pageshow", function () { all("form[data-sent]").forEach(function (each) { delete each.dataset.sent; }); });
  document.addEventListener("submit", function (event) {
    if (event.defaultPrevented) return;
    if (!event.target.matches("form[data-swap]")) { event.target.dataset.sent = "yes"; return; }
    event.preventDefault();
    // Another form than the item's: what was typed into the item is saved first.
    if (edited && form() && event.target !== form()) {
      var again = event.target.id || event.target.getAttribute("action"), button = event.submitter;
      send(form(), null).then(function () {
        if (edited || one(".theirs, .item-open .error-summary")) return;
        var same = all("form[data-swap]").filter(function (each) { return (each.id || each.getAttribute("action")) === again; })[0];
        // Whatever was chosen on the page as it was is chosen again on the new one.
        if (same && !same.hasAttribute("data-anew")) send(same, button);
        else if (same) say("当前任务的修改已保存，请再操作一次。");
      });
      return;
    }
    send(event.target, event.submitter);
  });

  // --- Rows

  function kindOf(row) {
    var select = one(".cell-kind select", row);
    if (select) row.dataset.kind = select.value;
  }
  document.addEventListener("change", function (event) {
    var row = event.target.closest("[data-row][data-kind]");
    if (row) kindOf(row);
    if (event.target.id === "pick-all") {
      all(".items .item:not(.out) input[type=checkbox]").forEach(function (box) { box.checked = event.target.checked; });
    }
    countPicked();
  });
  document.addEventListener("click", function (event) {
    var add = event.target.closest("[data-add]"), remove = event.target.closest("[data-remove]");
    if (add) addRow(add);
    if (remove) { clear(remove.closest("[data-row]")); remove.closest("[data-row]").hidden = true; edited = true; }
  });
  function clear(row) {
    all("input", row).forEach(function (input) { input.value = ""; });
    all("select", row).forEach(function (select) { select.selectedIndex = 0; });
    kindOf(row);
  }
  function addRow(button) {
    var rows = all("[data-row]", button.closest("[data-rows]")), last = rows[rows.length - 1], row = last.cloneNode(true);
    // Every name and id ends in …-<number>-<field>: the new row takes the next number.
    all("[name], [for]", row).forEach(function (each) {
      ["name", "id", "for"].forEach(function (attribute) {
        if (each.hasAttribute(attribute)) each.setAttribute(attribute, each.getAttribute(attribute).replace(/-(\d+)-(\w+)$/, function (_, number, field) { return "-" + (Number(number) + 1) + "-" + field; }));
      });
    });
    all(".tag, .field-error", row).forEach(function (each) { each.remove(); });
    all(".is-invalid", row).forEach(function (each) { each.classList.remove("is-invalid"); });
    clear(row);
    row.hidden = false;
    last.after(row);
    one("input", row).focus();
  }
  function countPicked() {
    var units = all(".unit-picker input:checked").length, items = all(".items input[type=checkbox]:checked").length;
    var count = document.getElementById("picked-count"), scope = document.getElementById("scope");
    if (count) count.textContent = units ? "（" + units + "）" : "";
    if (scope) scope.options[0].textContent = items ? "勾选的 " + items + " 项" : "勾选的任务";
  }

  // --- Keys

  function typing(element) { return element.matches("input:not([type=checkbox]):not([type=radio]), textarea, select"); }
  function go(where) {
    var current = document.getElementById("current");
    if (current && current.dataset[where]) leave(new URL(current.dataset[where], location.href).href);
    else if (!current && one(".item-link")) leave(one(".item-link").href);
  }
  function into(rows) {
    var fields = all("#" + rows + "-rows [data-row]:not([hidden]) input:not([type=hidden])");
    var empty = fields.filter(function (field) { return !field.value && field.offsetParent; })[0];
    var field = fields[0] && fields[0].value ? fields[0] : empty;
    if (field) { field.focus(); field.select(); field.scrollIntoView({ block: "nearest" }); }
  }
  function chooseSplit() {
    var chooser = one("[data-split]");
    if (!chooser) return say("该项只有一句，不能拆分；如需拆分，请先在“工作任务”中断句并保存。");
    if (edited) return send(form(), null).then(function () { if (!edited) chooseSplit(); });
    chooser.open = true;
    chooser.scrollIntoView({ block: "nearest" });
    one("button", chooser).focus();
    return undefined;
  }
  function stepIn(list, element, by) {
    var buttons = all("button", list), next = buttons[buttons.indexOf(element) + by];
    if (next) next.focus();
  }
  function press(selector) { var button = one(selector); if (button) button.form.requestSubmit(button); }
  var keys = {
    ArrowDown: function () { go("after"); }, j: function () { go("after"); },
    ArrowUp: function () { go("before"); }, k: function () { go("before"); },
    Enter: function () { press("#item-form button[name=accept]"); },
    u: function () { into("units"); }, d: function () { into("deadlines"); },
    s: chooseSplit, m: function () { press("button[form=merge-form]"); },
    Delete: function () { press("button[form=drop-form]"); },
    "?": function () { var table = document.getElementById("keys"); table.open = !table.open; },
    "？": function () { keys["?"](); }
  };
  function redoing(event) { return event.key.toLowerCase() === (event.shiftKey ? "z" : "y"); }
  document.addEventListener("keydown", function (event) {
    if (event.isComposing || event.metaKey) return;
    var element = event.target;
    if (event.altKey) {
      var way = { ArrowUp: "up", ArrowDown: "down" }[event.key];
      if (way && !event.ctrlKey) { event.preventDefault(); press("button[form=move-form][name=" + way + "]"); }
      return;
    }
    if (event.ctrlKey) {
      // In a field the browser's own undo holds.
      if (event.key.toLowerCase() === "z" && !event.shiftKey && !typing(element)) { event.preventDefault(); press("#undo-form button"); }
      if (redoing(event) && !typing(element)) { event.preventDefault(); press("#redo-form button"); }
      if (event.key === "Enter" && element.form && element.form === form()) { event.preventDefault(); press("#item-form button[name=accept]"); }
      return;
    }
    if (typing(element)) {
      if (event.key === "Escape" && document.getElementById("current")) document.getElementById("current").focus();
      return;
    }
    var list = element.closest("[data-split]");
    if (list && element.matches("button")) {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); stepIn(list, element, event.key === "ArrowDown" ? 1 : -1); return; }
      if (event.key === "Escape") { list.open = false; document.getElementById("current").focus(); return; }
    }
    if (event.key === "Escape") all(".keys, .missing, .unit-picker").forEach(function (each) { each.open = false; });
    if (event.key === "Enter" && element.closest("a, button, summary, input")) return;
    var act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (act && main.contains(element) || act && element === document.body) { event.preventDefault(); act(); }
  });
  document.addEventListener("toggle", function (event) {
    if (event.target.id === "unit-picker" && event.target.open) one(".unit-picker-panel").scrollIntoView({ block: "nearest" });
  }, true);
  document.addEventListener("click", function (event) {
    all(".unit-picker[open], .missing[open], .keys[open]").forEach(function (each) { if (!each.contains(event.target)) each.open = false; });
  });

  // --- What is pointed at on one side is marked on the other

  function counterparts(element) {
    var tag = element.closest("a.tag-document, .doubt-fix a[href^='#'], .item-doubt a"), row = element.closest("[data-item]");
    var passage = element.closest("a.passage");
    if (tag) return [document.getElementById(tag.hash.slice(1))];
    if (row && row.hasAttribute("data-now")) return [];  // marked anyway
    if (row) return all('a.passage[href^="?item=' + row.dataset.item + '#"]');
    return passage ? [document.getElementById(passage.hash.slice(1))] : [];
  }
  ["mouseover", "focusin"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      all(".hinted").forEach(function (each) { each.classList.remove("hinted"); });
      if (event.target.closest) counterparts(event.target).forEach(function (each) { if (each) each.classList.add("hinted"); });
    });
  });

  // --- Two columns that scroll together: the one under the pointer leads, the other follows

  var leader = null;
  ["wheel", "touchstart", "pointerdown", "keydown"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      var box = event.target.closest && event.target.closest("[data-pane]");
      leader = box ? box.id : null;
    }, { passive: true, capture: true });
  });
  function anchors(from, to) {
    var pairs = [[0, 0]];
    all("#items [data-item]").forEach(function (row) {
      var source = document.getElementById("source-" + row.dataset.item);
      if (!source) return;
      var places = { items: offset("items", row), document: offset("document", source) };
      var last = pairs[pairs.length - 1];
      if (places[from] > last[0] && places[to] >= last[1]) pairs.push([places[from], places[to]]);
    });
    pairs.push([pane(from).scrollHeight, pane(to).scrollHeight]);
    return pairs;
  }
  function offset(name, element) {
    var box = pane(name);
    return element.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop;
  }
  var waiting = false;
  document.addEventListener("scroll", function (event) {
    if (!event.target.id || event.target.id !== leader || waiting) return;
    waiting = true;
    requestAnimationFrame(function () { waiting = false; follow(); });
  }, true);
  function follow() {
    if (!leader) return;
    var other = leader === "items" ? "document" : "items";
    if (pane(other).scrollHeight <= pane(other).clientHeight + 2) return;
    // The same share of the window in both: at the top the tops agree, at the end the ends.
    var box = pane(leader), reach = box.scrollHeight - box.clientHeight;
    var at = box.scrollTop + (reach > 0 ? box.scrollTop / reach : 0) * box.clientHeight, pairs = anchors(leader, other);
    for (var n = 1; n < pairs.length; n += 1) {
      if (at <= pairs[n][0]) {
        var from = pairs[n - 1], to = pairs[n], part = (at - from[0]) / Math.max(1, to[0] - from[0]);
        var there = from[1] + part * (to[1] - from[1]), twin = pane(other), far = twin.scrollHeight - twin.clientHeight;
        twin.scrollTop = there * far / Math.max(1, twin.scrollHeight);
        return;
      }
    }
  }

  // --- What others do meanwhile

  var PAUSE = 20000, IDLE = 600000, touched = Date.now();
  ["keydown", "pointermove", "scroll"].forEach(function (name) {
    document.addEventListener(name, function () { touched = Date.now(); }, { passive: true, capture: true });
  });
  function lookAround() {
    var bench = one(".bench");
    // A page that nobody looks at does not keep its session alive.
    if (!bench || busy || document.hidden || Date.now() - touched > IDLE) return;
    fetch(bench.dataset.latestAt, { headers: { Accept: "application/json" } }).then(function (response) {
      if (!response.ok || response.redirected) return;
      response.json().then(function (latest) { if (one(".bench") === bench) tell(bench, latest); });
    }).catch(function () {});  // the next act says what is wrong
  }
  function tell(bench, latest) {
    var note = document.getElementById("news");
    if (latest.number <= Number(bench.dataset.latest) && !latest.closed) return;
    var link = document.createElement("a"), current = document.getElementById("current");
    var item = current ? current.dataset.current : "";
    link.textContent = "点此刷新";
    link.href = item ? "?item=" + item + "#item-" + item : location.pathname;
    link.setAttribute("data-swap", "");
    note.replaceChildren(latest.closed ? "该草稿已被关闭（入账或放弃）。" : "已有新的修改：" + latest.who + " " + latest.said + "。", link, "，已填写的内容不会丢失。");
    note.hidden = false;
  }
  setInterval(lookAround, PAUSE);

  if (one(".bench")) settle(location.hash);
})();
