// Sets the papers of a quarter step by step and shows how far it is.  Without this script the button does it in presses.
(function () {
  "use strict";

  var form = document.querySelector("form[data-produce]");
  if (!form || !window.fetch) return;
  var bar = document.querySelector(".set-progress"), made = document.querySelector("[data-made]");
  var status = document.querySelector("[data-produce-status]"), button = form.querySelector("button");
  var failures = 0;

  function step() {
    fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, credentials: "same-origin" })
      .then(function (answer) {
        if (!answer.ok) throw new Error(answer.status);
        return answer.json();
      })
      .then(function (done) {
        failures = 0;
        bar.value = done.made;
        made.textContent = done.made;
        status.textContent = "正在生成，已完成 " + done.percent + "%。可以离开本页，已生成的不会丢失。";
        if (done.finished) window.location.reload();
        else step();
      })
      .catch(function () {
        failures += 1;
        if (failures < 3) { window.setTimeout(step, 2000 * failures); return; }
        button.disabled = false;
        status.textContent = "生成中断，已生成的都在。请稍后点击“生成全套文书”继续。";
      });
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    button.disabled = true;
    status.textContent = "正在生成，请稍候。";
    step();
  });
})();
