/* A person's page of calls: a live line tells that something changed; without it the page asks every twenty seconds. */
(function () {
  "use strict";
  var root = document.getElementById("mine"), form = document.getElementById("shown");
  var state = document.querySelector("[data-mine-state]");
  if (!root || !form) return;
  var newest = null, waiting = null;

  function ring() {
    if (navigator.vibrate) navigator.vibrate([600, 200, 600, 200, 600]);
    try {
      var context = new (window.AudioContext || window.webkitAudioContext)(), tone = context.createOscillator();
      tone.connect(context.destination); tone.frequency.value = 880; tone.start(); tone.stop(context.currentTime + 1.5);
    } catch (error) { return; } // a page nobody has touched may not sound
  }
  function renew() {
    if (root.contains(document.activeElement)) return Promise.resolve();
    return fetch(root.dataset.part, { credentials: "same-origin" }).then(function (r) { return r.ok ? r.text() : null; })
      .then(function (html) { if (html !== null) root.innerHTML = html; });
  }
  function told(said) {
    var first = newest === null, more = !first && said.newest > newest;
    if (!first && said.newest === newest && said.waiting === waiting) return;
    newest = said.newest; waiting = said.waiting;
    document.title = (waiting ? "（" + waiting + "）" : "") + document.title.replace(/^（\d+）/, "");
    if (more || (first && waiting)) ring();
    if (!first) renew().then(shown, function () { return null; });
  }
  function shown() {
    return fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" })
      .then(function (r) { return r.json(); })
      .then(function (said) { told(said); state.textContent = "本页已打开，" + new Date().toLocaleTimeString("zh-CN", { hour12: false }) + "更新"; })
      .catch(function () { state.textContent = "和服务器断开了，请检查网络后刷新本页"; });
  }
  shown();
  setInterval(shown, 20000);
  if (window.EventSource && root.dataset.live) {
    var line = new EventSource(root.dataset.live), failed = 0;
    line.onmessage = function (event) { failed = 0; told(JSON.parse(event.data)); };
    line.onerror = function () { failed += 1; if (failed > 5) line.close(); };
  }
}());
