// The inspector's page: every answer goes onto the phone first (field_store.js) and from there to the server, each under a
// key of its own.  Without a network it all stays; when the network is back it is sent, exactly once, by itself.
(function () {
  "use strict";

  const store = window.fieldStore;
  const main = document.getElementById("main");
  const stateLine = document.getElementById("state");
  const VERDICTS = [["met", "√", "符合"], ["mostly_met", "△", "基本符合"], ["not_met", "×", "不符合"], ["not_applicable", "—", "不适用"]];
  const CLASSES = [["completed", "已完成"], ["ahead", "超进度"], ["on_schedule", "达进度"], ["behind", "欠进度"], ["other", "其他"]];
  const WHOLE = "单位总体情况";
  const LARGEST_SIDE = 1600;  // pixels of a photograph that is sent
  const MOST_PHOTOS = 9;
  const EVERY = 15000;  // milliseconds between tries while something waits
  const PAUSE = 1200;  // milliseconds of rest before what is being written is sent

  let data = null;  // what the server last said
  let entries = [];  // what waits, oldest first
  let trouble = "";  // "", "offline", "signed-out", "busy"
  let sending = false;
  let timer = null;

  // Small helpers

  function h(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else if (value === true) node.setAttribute(name, "");
      else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
    }
    for (const child of children.flat()) if (child !== null && child !== undefined && child !== false) node.append(child);
    return node;
  }

  const verdictName = (value) => (VERDICTS.find((each) => each[0] === value) || ["", "", "未查"])[2];
  const verdictSign = (value) => (VERDICTS.find((each) => each[0] === value) || ["", "○", ""])[1];
  const partOf = (id) => data && data.parts.find((each) => each.id === id);
  const dayWord = (iso) => { const [, month, day] = iso.split("-").map(Number); return `${month}月${day}日`; };

  // Unit, item and criterion in words: they go along with an entry, for the unit may be gone from the list one day.
  function nameOf(place) {
    const part = partOf(place.part);
    const item = part && part.items.find((each) => each.id === place.item);
    return `${part ? part.unit : ""}　${item ? `${item.position}. ${item.short}` : WHOLE}　${place.criterion}`;
  }

  // What a place says: the server's word, and upon it what waits on the phone.

  const samePlace = (entry, place) => entry.kind === "verdict" && entry.part === place.part && entry.item === place.item && entry.criterion === place.criterion;
  const standing = (place) => (partOf(place.part) || { results: [] }).results.find((each) => each.item === place.item && each.criterion === place.criterion);
  const waitingAt = (place) => entries.filter((entry) => samePlace(entry, place) && isMine(entry));
  const isMine = (entry) => !data || entry.person === data.me.id;

  function shown(place) {
    const waiting = waitingAt(place);
    const last = waiting[waiting.length - 1];
    const kept = standing(place);
    return last || kept || { verdict: "", fact: "", link: "" };
  }

  // Writing: onto the phone at once.  What was tried already is never changed, for the server may have it: a second one follows.

  async function write(place, change) {
    const waiting = waitingAt(place);
    const last = waiting[waiting.length - 1];
    if (last && last.state === "waiting" && !last.tried) {
      Object.assign(last, change, change.photos ? { photos: last.photos.concat(change.photos) } : {});
      await keep(last);
    } else {
      const before = shown(place);
      const kept = standing(place);
      const stuck = waiting.filter((each) => each.state !== "waiting");
      const entry = Object.assign({
        key: store.newKey(), kind: "verdict", state: "waiting", tried: false, at: Date.now(), person: data.me.id, who: data.me.name,
        part: place.part, item: place.item, criterion: place.criterion,
        where: nameOf(place), verdict: before.verdict, fact: before.fact, link: before.link, seen: kept ? kept.version : 0,
      }, change, { photos: stuck.flatMap((each) => each.photos).concat(change.photos || []) });
      entries.push(entry);
      await keep(entry);
      for (const old of stuck) await drop(old);  // what is written now answers what was refused
    }
    later();
  }

  async function keep(entry) {
    try {
      await store.put(entry);
    } catch (error) {
      trouble = "full";
    }
    tell();
  }

  async function drop(entry) {
    entries = entries.filter((each) => each !== entry);
    await store.drop(entry.key);
    tell();
  }

  async function writeClass(part, item, value) {
    const waiting = entries.filter((entry) => entry.kind === "class" && entry.part === part && entry.item === item && isMine(entry) && !entry.tried);
    for (const old of waiting) await drop(old);
    const entry = { key: store.newKey(), kind: "class", state: "waiting", tried: false, at: Date.now(), person: data.me.id, who: data.me.name, where: nameOf({ part, item, criterion: "核实进度等次" }), part, item, cls: value };
    entries.push(entry);
    await keep(entry);
    later();
  }

  function classShown(part, item) {
    const waiting = entries.filter((entry) => entry.kind === "class" && entry.part === part && entry.item === item && isMine(entry));
    return waiting.length ? waiting[waiting.length - 1].cls : (partOf(part).items.find((each) => each.id === item) || {}).verified || "";
  }

  // Sending: one after the other, oldest first.

  function later() {
    clearTimeout(timer);
    timer = setTimeout(flush, PAUSE);
  }

  const toSend = () => entries.filter((entry) => entry.state === "waiting" && isMine(entry));

  async function flush() {
    clearTimeout(timer);
    if (sending || !data) return;
    sending = true;
    try {
      if (trouble && !(await load())) return;
      for (let entry = toSend()[0]; entry; entry = toSend()[0]) if (!(await send(entry))) break;
    } finally {
      sending = false;
      tell();
      if (toSend().length) timer = setTimeout(flush, EVERY);
    }
  }

  // True where it is settled, one way or the other; false where it must wait.
  async function send(entry) {
    if (!entry.tried) { entry.tried = true; await store.put(entry); }
    for (let attempt = 0; attempt < 2; attempt += 1) {
      let answer;
      try {
        answer = await fetch(entry.kind === "class" ? main.dataset.classes : main.dataset.entries, {
          method: "POST", body: formOf(entry), redirect: "manual", headers: { "X-CSRFToken": data.token, "Accept": "application/json" },
        });
      } catch (error) {
        trouble = "offline";
        return false;
      }
      if (answer.status === 401 || answer.type === "opaqueredirect") { trouble = "signed-out"; return false; }
      if (answer.status === 400 && attempt === 0) { if (!(await load()) || !isMine(entry)) return false; continue; }  // a new session has a new token
      if (answer.status >= 500 || answer.status === 429) { trouble = "busy"; return false; }
      return settle(entry, answer);
    }
    trouble = "busy";
    return false;
  }

  function formOf(entry) {
    const form = new FormData();
    form.append("key", entry.key);
    form.append("part", entry.part);
    form.append("item", entry.item);
    if (entry.kind === "class") { form.append("class", entry.cls); return form; }
    form.append("criterion", entry.criterion);
    form.append("verdict", entry.verdict);
    form.append("fact", entry.fact);
    form.append("link", entry.link);
    form.append("seen", entry.seen);
    entry.photos.forEach(function (photo) { form.append("photo", photo.blob, photo.name); });
    return form;
  }

  async function settle(entry, answer) {
    let told = {};
    try { told = await answer.json(); } catch (error) { /* an error page: the status says enough */ }
    trouble = "";
    if (!answer.ok) {
      entry.state = "refused";
      entry.why = told.error || "服务器未接受这条内容，请核对后重新选择。";
      await keep(entry);
    } else if (entry.kind === "class") {
      const item = (partOf(entry.part) || { items: [] }).items.find((each) => each.id === entry.item);
      if (item) item.verified = entry.cls;
      await drop(entry);
    } else {
      take(entry, told.result);
      if (told.taken) {
        const stands = told.result.verdict === entry.verdict && told.result.fact === entry.fact.trim();  // and nobody came after it
        for (const next of entries) if (stands && next !== entry && samePlace(next, entry) && next.state === "waiting") { next.seen = told.result.version; await store.put(next); }
        await drop(entry);
      } else {
        entry.state = "conflict";
        entry.theirs = told.result;
        await keep(entry);
      }
    }
    await store.keep("data", data);
    if (entry.state !== "waiting" || !writing()) render();
    return true;
  }

  function take(place, result) {
    const part = partOf(place.part);
    if (!part) return;
    part.results = part.results.filter((each) => !(each.item === result.item && each.criterion === result.criterion));
    part.results.push(result);
  }

  // Whether somebody is writing a text just now, which drawing the page anew would disturb.
  const writing = () => document.activeElement && ["TEXTAREA", "INPUT"].includes(document.activeElement.tagName);

  // Asking the server what stands.

  async function load() {
    let answer;
    try {
      answer = await fetch(main.dataset.data, { redirect: "manual", cache: "no-store", headers: { "Accept": "application/json" } });
    } catch (error) {
      trouble = "offline";
      return false;
    }
    if (answer.status === 401 || answer.type === "opaqueredirect") { trouble = "signed-out"; return false; }
    if (!answer.ok) { trouble = answer.status === 403 ? "forbidden" : "busy"; return false; }
    data = await answer.json();
    trouble = "";
    await store.keep("data", data);
    return true;
  }

  // The line on top: what lies on the phone, and what hinders.

  function tell() {
    const waiting = toSend().length;
    const others = entries.filter((entry) => !isMine(entry));
    const open = entries.filter((entry) => isMine(entry) && entry.state !== "waiting").length;
    const words = [];
    if (trouble === "full") words.push("本机存储空间不足，刚才的内容未能保存，请清理后重试。");
    if (waiting) words.push(`已保存到本机 ${waiting} 条，待上传。`);
    else if (data && !open) words.push("全部已上传。");
    if (open) words.push(`有 ${open} 条未能上传，请逐条核对。`);
    if (others.length) words.push(`本机另有${others[0].who}录入的 ${others.length} 条，待其本人登录后上传。`);
    if (trouble === "offline") words.push("网络中断，联网后自动上传。");
    if (trouble === "busy") words.push("服务器暂时不能接收，稍后自动重试。");
    if (trouble === "forbidden") words.push("当前账号没有检查权限，内容保留在本机。");
    stateLine.textContent = words.join("");
    stateLine.dataset.state = open || trouble === "full" || trouble === "signed-out" ? "stop" : waiting ? "wait" : "done";
    if (trouble === "signed-out") stateLine.append("登录已失效，内容保留在本机。", h("a", { href: main.dataset.signIn }, "重新登录后继续上传"));
    document.getElementById("who").textContent = data ? data.me.name : "";
    paintRefused();
  }

  function paintRefused() {
    document.querySelectorAll("[data-place]").forEach(function (node) {
      const place = JSON.parse(node.dataset.place);
      const note = node.querySelector(".kept-note");
      if (note) note.textContent = waitingAt(place).some((entry) => entry.state === "waiting") ? "已存本机，待上传" : standing(place) ? "已上传" : "";
    });
  }

  // Pages: units of the day → a unit's items → an item.

  function render() {
    const [, partId, item] = (location.hash.match(/^#u(\d+)(?:\/(\d+))?$/) || []).map(Number);
    const part = partId ? partOf(partId) : null;
    main.replaceChildren(...(!data ? nothing() : !part ? units() : isNaN(item) || item === undefined ? unit(part) : place(part, item)));
    tell();
  }

  function nothing() {
    return [h("p", { class: "empty" }, trouble === "offline" ? "本机还没有检查任务。请在有网络时打开一次本页，之后断网也能使用。" : "没有可以显示的检查任务。")];
  }

  function units() {
    const today = data.parts.filter((part) => part.visit && part.visit <= data.today && !part.closed && part.mine);
    const rest = data.parts.filter((part) => !today.includes(part));
    const stuck = entries.filter((entry) => isMine(entry) && entry.state !== "waiting");
    return [
      stuck.length ? h("h2", {}, "未能上传的内容") : null,
      ...stuck.map((entry) => h("section", {}, h("p", {}, entry.where), stuckNote(entry))),
      h("h1", {}, `今日检查 ${dayWord(data.today)}`),
      today.length ? h("ul", { class: "units" }, today.map(unitLine)) : h("p", { class: "empty" }, "今天没有由您主查的单位。"),
      rest.length ? h("h2", {}, "其他单位") : null,
      rest.length ? h("ul", { class: "units" }, rest.map(unitLine)) : null,
    ].filter(Boolean);
  }

  function unitLine(part) {
    const [done, all] = progress(part);
    const late = part.visit && part.visit < data.today && done < all && !part.closed;
    return h("li", {}, h("a", { href: `#u${part.id}` },
      h("b", {}, part.unit), h("span", { class: "soft" }, `${part.inspection}`),
      h("span", {}, part.visit ? `${dayWord(part.visit)}${late ? "（已过）" : ""}` : "", part.mine ? "" : `　主查 ${part.checker}`),
      h("span", { class: "done" }, part.closed ? part.stand : `已查 ${done}/${all}`)));
  }

  const itemsOf = (part) => (part.items.length ? part.items.map((item) => item.id) : []).concat(0);
  function progress(part) {
    const asked = (part.items.length ? part.items.map((item) => item.id) : [0]).flatMap((item) => part.criteria.map((each) => ({ part: part.id, item, criterion: each.name })));
    return [asked.filter((each) => shown(each).verdict).length, asked.length];
  }

  function unit(part) {
    const [done, all] = progress(part);
    const line = (item) => h("li", {}, h("a", { href: `#u${part.id}/${item ? item.id : 0}` },
      h("b", {}, item ? `${item.position}. ${item.short}` : WHOLE + (part.items.length ? "（选填）" : "")),
      h("span", { class: "marks" }, part.criteria.map(function (each) {
        const verdict = shown({ part: part.id, item: item ? item.id : 0, criterion: each.name }).verdict;
        return h("span", { class: `mark mark-${verdict || "none"}` }, h("span", { "aria-hidden": "true" }, verdictSign(verdict)), ` ${each.name}`, h("span", { class: "visually-hidden" }, `：${verdictName(verdict)}`));
      }))));
    return [
      h("p", {}, h("a", { href: "#" }, "返回单位列表")),
      h("h1", {}, part.unit),
      h("p", { class: "soft" }, `${part.inspection}　已查 ${done}/${all}`),
      part.closed ? h("p", { class: "notice" }, `检查事实已送单位，目前为“${part.stand}”，不能再改。`) : null,
      part.self ? h("p", { class: "self" }, `单位自查：${part.self}`) : null,
      h("ul", { class: "units items" }, part.items.map(line), line(null)),
    ].filter(Boolean);
  }

  function place(part, itemId) {
    const order = itemsOf(part);
    const item = part.items.find((each) => each.id === itemId);
    const here = order.indexOf(item ? itemId : 0);
    const step = (to, word) => to === undefined ? h("span", {}) : h("a", { class: "step", href: `#u${part.id}/${to}` }, word);
    return [
      h("p", {}, h("a", { href: `#u${part.id}` }, `返回${part.unit}`)),
      h("h1", {}, item ? `${item.position}. ${item.short}` : WHOLE),
      item ? h("details", {}, h("summary", {}, "任务原文和单位填报"), h("p", {}, item.task), item.goal ? h("p", {}, `目标：${item.goal}`) : null,
        h("p", {}, item.progress ? `进展：${item.progress}` : "单位本季度尚未填报。")) : null,
      ...part.criteria.map((each) => criterion(part, itemId, each)),
      item ? classChoice(part, item) : null,
      h("nav", { class: "steps", "aria-label": "前后任务" }, step(order[here - 1], "上一项"), step(order[here + 1], "下一项"),
        order[here + 1] === undefined ? h("a", { class: "step", href: `#u${part.id}` }, "查完，返回单位") : null),
    ].filter(Boolean);
  }

  function criterion(part, item, each) {
    const at = { part: part.id, item, criterion: each.name };
    const now = shown(at);
    const self = part.selfs.find((one) => one.item === item && one.criterion === each.name);
    const id = `f${part.criteria.indexOf(each)}`;
    const stuck = waitingAt(at).find((entry) => entry.state !== "waiting");
    const box = h("section", { class: "criterion", "data-place": JSON.stringify(at), "aria-labelledby": id },
      h("h2", { id }, each.name, each.question ? h("span", { class: "soft" }, ` ${each.question}`) : null, h("span", { class: "kept-note soft" })),
      self ? h("p", { class: "self" }, `单位自查：${verdictName(self.verdict)}${self.fact ? `，${self.fact}` : ""}`) : null,
      stuck ? stuckNote(stuck) : null,
      h("div", { class: "choice", role: "group", "aria-labelledby": id }, VERDICTS.map(([value, sign, word]) => h("button", {
        type: "button", class: `verdict verdict-${value}`, "aria-pressed": String(now.verdict === value), disabled: part.closed,
        onclick: async function () { await write(at, { verdict: value }); again(box, part, item, each); },
      }, h("span", { "aria-hidden": "true" }, sign), ` ${word}`))),
      now.verdict ? facts(part, at, now, id) : null);
    return box;
  }

  // The one block anew, so that the rest of the page stays as it is; the button that was pressed keeps the focus.
  function again(box, part, item, each) {
    const pressed = Array.from(box.querySelectorAll(".choice button")).indexOf(document.activeElement);
    const fresh = criterion(part, item, each);
    box.replaceWith(fresh);
    if (pressed >= 0) fresh.querySelectorAll(".choice button")[pressed].focus();
    paintRefused();
  }

  function facts(part, at, now, id) {
    const wants = now.verdict === "not_met" || now.verdict === "mostly_met";
    const photos = waitingAt(at).flatMap((entry) => entry.photos || []);
    const kept = (standing(at) || {}).photos || 0;
    const area = h("textarea", { id: `${id}-fact`, rows: 2, maxlength: 2000, disabled: part.closed, oninput: function (event) { write(at, { fact: event.target.value }); }, onblur: flush });
    area.value = now.fact || "";
    return h("div", { class: "facts" },
      h("label", { for: `${id}-fact` }, wants ? "事实（不符合、基本符合的须写明）" : "事实（可不填）"), area,
      h("label", { class: "photo" }, "拍照或选择文件", h("input", {
        type: "file", accept: "image/*,.pdf,.docx,.xlsx", multiple: true, disabled: part.closed,
        onchange: async function (event) {
          const chosen = Array.from(event.target.files).slice(0, MOST_PHOTOS);
          await write(at, { photos: await Promise.all(chosen.map(shrunk)) });
          again(event.target.closest("section"), part, at.item, part.criteria.find((each) => each.name === at.criterion));
        } })),
      h("details", { class: "link", open: Boolean(now.link) }, h("summary", {}, "佐证网址"), h("input", {
        type: "url", inputmode: "url", value: now.link || "", "aria-label": "佐证网址", placeholder: "https://", maxlength: 500, disabled: part.closed,
        oninput: function (event) { write(at, { link: event.target.value.trim() }); }, onblur: flush })),
      h("p", { class: "soft photos" }, [kept ? `已上传 ${kept} 个文件` : "", photos.length ? `本机待上传 ${photos.length} 个文件` : ""].filter(Boolean).join("，")));
  }

  const said = (entry) => entry.kind === "class" ? (CLASSES.find((each) => each[0] === entry.cls) || ["", ""])[1] : `${verdictName(entry.verdict)}${entry.fact ? `，${entry.fact}` : ""}${entry.photos && entry.photos.length ? `（照片 ${entry.photos.length} 份）` : ""}`;

  function stuckNote(entry) {
    if (entry.state === "refused") {
      return h("div", { class: "stuck", role: "alert" }, h("p", {}, h("b", {}, "未能上传："), entry.why), h("p", {}, `您的内容：${said(entry)}`),
        h("button", { type: "button", onclick: async function () { entry.state = "waiting"; entry.tried = false; entry.key = await fresh(entry); await keep(entry); render(); flush(); } }, "重新上传"),
        h("button", { type: "button", onclick: async function () { if (confirm("删除本机的这条内容？")) { await drop(entry); render(); } } }, "删除本机这条"));
    }
    return h("div", { class: "stuck", role: "alert" },
      h("p", {}, h("b", {}, `${entry.theirs.by || "他人"}已先录入：`), `${verdictName(entry.theirs.verdict)}${entry.theirs.fact ? `，${entry.theirs.fact}` : ""}`),
      h("p", {}, h("b", {}, "您录入的："), said(entry)),
      h("button", { type: "button", onclick: async function () { entry.seen = entry.theirs.version; entry.state = "waiting"; entry.tried = false; entry.key = await fresh(entry); await keep(entry); render(); flush(); } }, "以我的为准"),
      h("button", { type: "button", onclick: async function () { await drop(entry); render(); } }, "保留对方的"));
  }

  // Sent again on purpose, it is another sending.
  async function fresh(entry) {
    await store.drop(entry.key);
    return store.newKey();
  }

  function classChoice(part, item) {
    const now = classShown(part.id, item.id);
    return h("section", { class: "criterion", "aria-labelledby": "class" },
      h("h2", { id: "class" }, "核实进度等次", h("span", { class: "soft" }, ` 单位自报：${item.reported || "未填报"}`)),
      h("div", { class: "choice classes", role: "group", "aria-labelledby": "class" }, CLASSES.map(([value, word]) => h("button", {
        type: "button", class: "verdict", "aria-pressed": String(now === value), disabled: part.closed,
        onclick: async function (event) {
          await writeClass(part.id, item.id, value);
          event.target.parentNode.querySelectorAll("button").forEach((button) => button.setAttribute("aria-pressed", String(button === event.target)));
        },
      }, word))));
  }

  // A photograph in a size that a weak network carries; what cannot be drawn is sent as it is.
  async function shrunk(file) {
    const as_is = { name: file.name, blob: file };
    if (!/^image\/(jpeg|png|webp|heic)$/.test(file.type)) return as_is;
    try {
      const picture = await createImageBitmap(file);
      const scale = Math.min(1, LARGEST_SIDE / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.82));
      return blob ? { name: file.name.replace(/\.\w+$/, "") + ".jpg", blob } : as_is;
    } catch (error) {
      return as_is;
    }
  }

  // Beginning

  async function begin() {
    if ("serviceWorker" in navigator) navigator.serviceWorker.register(main.dataset.worker).catch(function () { /* plain http: the page works, but does not open offline */ });
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
    entries = (await store.entries()).sort((one, other) => one.at - other.at);
    data = (await store.kept("data")) || null;
    render();
    await load();
    render();
    flush();
  }

  window.addEventListener("hashchange", function () { render(); window.scrollTo(0, 0); main.focus({ preventScroll: true }); });
  window.addEventListener("online", flush);
  window.addEventListener("offline", function () { trouble = trouble || "offline"; tell(); });
  document.addEventListener("visibilitychange", function () { if (!document.hidden) flush(); });
  begin();
})();
