/* The board of a callout: figures come over a live line, or by asking every two seconds when the line is cut. */
(function () {
  "use strict";
  var board = document.getElementById("board");
  if (!board || !board.dataset.calloutLive || !window.EventSource) return;
  var said = "";
  var state = function (text) { said = text; var at = board.querySelector("[data-callout-state]"); if (at) at.textContent = text; };
  var last = "", asked = 0, timer = 0, failed = 0;

  function value(figures, path) {
    return path.split(".").reduce(function (at, name) { return at === undefined ? at : at[name]; }, figures);
  }
  function show(figures) {
    Array.prototype.forEach.call(board.querySelectorAll("[data-k]"), function (node) {
      var found = value(figures, node.dataset.k);
      if (found === undefined) return;
      if (node.tagName === "PROGRESS") { node.value = found; } else if (node.textContent !== String(found)) { node.textContent = found; }
    });
    state("实时更新，" + new Date().toLocaleTimeString("zh-CN", { hour12: false }));
    // the list and the curve are made by the server: fetched anew when they must have changed, not more often than every five seconds
    var now = Date.now(), key = [figures.total.answered, figures.total.unreached, figures.calls.calls].join();
    if (key !== last && now - asked > 5000) {
      last = key; asked = now;
      fetch(board.dataset.calloutPart, { credentials: "same-origin" }).then(function (r) { return r.ok ? r.text() : null; })
        .then(function (html) {
          if (html === null || board.contains(document.activeElement)) return;
          board.innerHTML = html;
          state(said); // what the server wrote there is for pages without a live line
        }).catch(function () { return null; });
    }
  }
  function ask() {
    fetch(board.dataset.calloutFigures, { credentials: "same-origin" }).then(function (r) { return r.json(); }).then(show)
      .catch(function () { state("更新中断，请刷新页面"); });
  }
  var line = new EventSource(board.dataset.calloutLive);
  line.onmessage = function (event) {
    failed = 0;
    if (timer) { clearInterval(timer); timer = 0; }
    show(JSON.parse(event.data));
  };
  line.onerror = function () { failed += 1; if (!timer) { ask(); timer = setInterval(ask, 2000); } if (failed > 5) line.close(); };
}());
