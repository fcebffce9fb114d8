// Fetches the wall's figures anew.  Where that fails the old ones stay, and the page says of when they are.
(function () {
  "use strict";
  var status = document.querySelector("[data-refresh]");
  if (!status) return;
  var every = Number(status.dataset.refresh) * 1000;

  function say(words, failed) {
    status.textContent = words;
    status.classList.toggle("refresh-failed", failed);
  }

  function taken(answer) {
    if (answer.redirected && answer.url.indexOf("/sign-in") !== -1) throw new Error("登录已过期，请重新登录");
    if (!answer.ok) throw new Error("服务器暂时没有应答");
    return answer.text();
  }

  function show(text) {
    var fresh = new DOMParser().parseFromString(text, "text/html");
    var figures = fresh.querySelector("[data-fresh]"), told = fresh.querySelector("[data-refresh]");
    if (!figures || !told) throw new Error("服务器暂时没有应答");
    document.querySelector("[data-fresh]").replaceWith(figures);
    status.dataset.since = told.textContent;
    say(told.textContent, false);
    document.dispatchEvent(new CustomEvent("figures"));
  }

  function refresh() {
    window.fetch(window.location.href, { cache: "no-store" }).then(taken).then(show).catch(function (error) {
      var why = error instanceof TypeError ? "无法连接服务器" : error.message;
      say(why + "，以下仍为此前的数字（" + status.dataset.since + "），稍后自动重试", true);
    }).then(function () { window.setTimeout(refresh, every); });
  }

  status.dataset.since = status.textContent;
  window.setTimeout(refresh, every);
})();
