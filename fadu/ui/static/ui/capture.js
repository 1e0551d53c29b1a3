/* Fadu on the spot: photographs with time and place, signatures, and drafts that survive a lost signal.
   A form with data-fd-draft="key" is kept on this device as it is filled in: fields and files in IndexedDB, under the
   officer's id. With data-fd-send it is sent by fetch; while that fails it stays here, is counted as not sent, and is
   tried again when the network returns. A hidden field `client_token`, set once per draft, lets the server see a repeat. */
(function () {
  "use strict";
  var doc = document, user = doc.body.dataset.fdUser || "0", KEEP_DAYS = 30;
  var all = function (selector, root) { return Array.prototype.slice.call((root || doc).querySelectorAll(selector)); };
  var two = function (n) { return (n < 10 ? "0" : "") + n; };
  var clock = function (d) { return two(d.getHours()) + ":" + two(d.getMinutes()); };
  var moment = function (d) { return (d.getMonth() + 1) + "月" + d.getDate() + "日 " + clock(d); };
  function uuid() {
    var b = crypto.getRandomValues(new Uint8Array(16)); b[6] = b[6] & 15 | 64; b[8] = b[8] & 63 | 128;
    var h = Array.from(b, function (x) { return (x + 256).toString(16).slice(1); }).join("");
    return [h.slice(0, 8), h.slice(8, 12), h.slice(12, 16), h.slice(16, 20), h.slice(20)].join("-");
  }

  /* --- the store on this device */
  var opened = null;
  function store(mode, work) {
    opened = opened || new Promise(function (yes, no) {
      var ask = indexedDB.open("fadu", 1);
      ask.onupgradeneeded = function () { ask.result.createObjectStore("drafts"); };
      ask.onsuccess = function () { yes(ask.result); }; ask.onerror = function () { no(ask.error); };
    });
    return opened.then(function (db) {
      return new Promise(function (yes, no) {
        var tx = db.transaction("drafts", mode), result = work(tx.objectStore("drafts"));
        tx.oncomplete = function () { yes(result && result.result); }; tx.onerror = function () { no(tx.error); };
      });
    });
  }
  var get = function (key) { return store("readonly", function (s) { return s.get(key); }); };
  var put = function (key, value) { return store("readwrite", function (s) { return s.put(value, key); }); };
  var drop = function (key) { return store("readwrite", function (s) { return s.delete(key); }); };
  function mine() {
    return Promise.all([store("readonly", function (s) { return s.getAllKeys(); }), store("readonly", function (s) { return s.getAll(); })])
      .then(function (got) { return got[0].map(function (key, i) { return { key: key, draft: got[1][i] }; })
        .filter(function (one) { return one.key.indexOf(user + "/") === 0; }); });
  }

  /* --- photographs */
  function place() {
    return new Promise(function (yes) {
      if (!navigator.geolocation || !window.isSecureContext) { yes({ note: "本机不能定位" }); return; }
      navigator.geolocation.getCurrentPosition(
        function (p) { yes({ place: { latitude: p.coords.latitude, longitude: p.coords.longitude, accuracy: Math.round(p.coords.accuracy) } }); },
        function (e) { yes({ note: e.code === 1 ? "未允许定位" : "没有定到位置" }); },
        { enableHighAccuracy: true, timeout: 8000, maximumAge: 60000 });
    });
  }
  function digest(file) {
    if (!crypto.subtle) return Promise.resolve("");
    return file.arrayBuffer().then(function (b) { return crypto.subtle.digest("SHA-256", b); })
      .then(function (h) { return Array.from(new Uint8Array(h), function (x) { return (x + 256).toString(16).slice(1); }).join(""); });
  }
  function photos(box) {
    if (box.fdShots) return;
    var input = box.querySelector("input[type=file]"), said = box.querySelector("[data-fd-photos-said]"), list = box.querySelector(".fd-shots");
    box.fdShots = []; box.classList.add("on");
    input.addEventListener("change", function () {
      if (box.fdQuiet) return;
      var fresh = Array.from(input.files), where = place();
      // the browser replaces the list on each choice; a second shot must not drop the first
      fresh.forEach(function (file) {
        var shot = { file: file, taken_at: new Date().toISOString(), place: null, place_note: "正在定位", sha256: "" };
        box.fdShots.push(shot);
        digest(file).then(function (h) { shot.sha256 = h; draw(); });
        where.then(function (w) { shot.place = w.place || null; shot.place_note = w.note || ""; draw(); });
      });
      draw();
    });
    box.fdRestore = function (shots) { box.fdShots = shots; draw(); };
    function draw() {
      var files = new DataTransfer();
      box.fdShots.forEach(function (shot) { files.items.add(shot.file); });
      box.fdQuiet = true; input.files = files.files; box.fdQuiet = false;
      said.value = JSON.stringify(box.fdShots.map(function (s) {
        return { name: s.file.name, sha256: s.sha256, taken_at: s.taken_at, place: s.place, place_note: s.place ? "" : s.place_note }; }));
      list.textContent = "";
      box.fdShots.forEach(function (shot, i) { list.append(row(shot, i)); });
      box.querySelector("[data-fd-photos-label]").textContent = box.fdShots.length ? "再拍一张" : "拍照";
      if (input.form) input.form.dispatchEvent(new Event("input", { bubbles: true }));
    }
    function row(shot, i) {
      var li = doc.createElement("li"), canvas = doc.createElement("canvas"), text = doc.createElement("div"), b = doc.createElement("b"), off = doc.createElement("button"), tag = doc.createElement("span");
      canvas.width = 208; canvas.height = 156; canvas.setAttribute("role", "img"); canvas.setAttribute("aria-label", "第" + (i + 1) + "张照片");
      if (window.createImageBitmap) createImageBitmap(shot.file).then(function (image) {
        var k = Math.max(208 / image.width, 156 / image.height), w = image.width * k, h = image.height * k;
        canvas.getContext("2d").drawImage(image, (208 - w) / 2, (156 - h) / 2, w, h);
      }).catch(function () { b.textContent = "不是照片：" + shot.file.name; });
      b.textContent = "第" + (i + 1) + "张"; tag.className = "fd-tag due"; tag.textContent = "未上传";
      var where = shot.place ? shot.place.accuracy + "米内" : shot.place_note;
      text.append(b, doc.createElement("br"), moment(new Date(shot.taken_at)) + "　" + where, doc.createElement("br"));
      if (shot.sha256) { var h = doc.createElement("span"); h.className = "fd-mono"; h.textContent = shot.sha256.slice(0, 4) + "…" + shot.sha256.slice(-4) + "　"; text.append(h); }
      text.append(tag);
      off.type = "button"; off.textContent = "删"; off.setAttribute("aria-label", "删去第" + (i + 1) + "张");
      off.addEventListener("click", function () { box.fdShots.splice(i, 1); draw(); });
      li.append(canvas, text, off);
      return li;
    }
  }

  /* --- signatures */
  function pad(box) {
    if (box.fdReady) return;
    box.fdReady = true; box.classList.add("on");
    var canvas = box.querySelector("canvas"), pen = canvas.getContext("2d"), input = box.querySelector("input[type=file]"), note = box.querySelector("[data-fd-sign-note]");
    var choose = box.querySelector("[data-fd-sign-file]"), strokes = 0, last = null;
    all("[hidden]", box).forEach(function (n) { n.hidden = false; });
    pen.lineWidth = 5; pen.lineCap = pen.lineJoin = "round"; pen.strokeStyle = "#1F1B17";
    function at(e) { var r = canvas.getBoundingClientRect(); return { x: (e.clientX - r.left) * canvas.width / r.width, y: (e.clientY - r.top) * canvas.height / r.height }; }
    canvas.addEventListener("pointerdown", function (e) { e.preventDefault(); canvas.setPointerCapture(e.pointerId); last = at(e); dot(last); });
    canvas.addEventListener("pointermove", function (e) {
      if (!last) return;
      (e.getCoalescedEvents ? e.getCoalescedEvents() : [e]).forEach(function (one) { var p = at(one); pen.beginPath(); pen.moveTo(last.x, last.y); pen.lineTo(p.x, p.y); pen.stroke(); last = p; });
    });
    ["pointerup", "pointercancel"].forEach(function (name) { canvas.addEventListener(name, function () { if (last) { last = null; strokes += 1; keep(); } }); });
    function dot(p) { pen.beginPath(); pen.moveTo(p.x, p.y); pen.lineTo(p.x + .1, p.y); pen.stroke(); }
    function keep() {
      canvas.toBlob(function (blob) {
        var files = new DataTransfer(); files.items.add(new File([blob], input.name + ".png", { type: "image/png" }));
        input.files = files.files; note.textContent = clock(new Date()) + " 已签"; canvas.setAttribute("aria-label", "签名板，已签名");
        if (input.form) input.form.dispatchEvent(new Event("input", { bubbles: true }));
      }, "image/png");
    }
    function clear() { pen.clearRect(0, 0, canvas.width, canvas.height); strokes = 0; input.value = ""; note.textContent = "请在此处签名"; canvas.setAttribute("aria-label", "签名板，用手指或者鼠标书写"); }
    box.querySelector("[data-fd-sign-clear]").addEventListener("click", clear);
    choose.addEventListener("click", function () { var on = input.classList.toggle("shown"); choose.setAttribute("aria-expanded", on); if (on) input.focus(); });
    box.fdRestore = function (file) { createImageBitmap(file).then(function (image) { pen.drawImage(image, 0, 0, canvas.width, canvas.height); keep(); }); };
  }

  /* --- drafts */
  function fields(form) {
    return Array.from(form.elements).filter(function (f) { return f.name && !/^(file|submit|button|password)$/.test(f.type) && f.name !== "csrfmiddlewaretoken" && !f.closest("[data-fd-photos]"); });
  }
  function drafted(form) {
    if (form.fdDraft) return;
    form.fdDraft = true;
    var key = user + "/" + form.dataset.fdDraft, waiting = null, token = form.querySelector('input[name="client_token"]');
    if (token && !token.value) token.value = uuid();
    function gather() {
      return { at: new Date().toISOString(), title: form.dataset.fdTitle || doc.title, url: location.href, unsent: form.fdUnsent || false,
        values: fields(form).map(function (f) { return [f.name, /^(checkbox|radio)$/.test(f.type) ? f.checked : f.value, f.type === "radio" || f.type === "checkbox" ? f.value : null]; }),
        shots: all("[data-fd-photos]", form).map(function (b) { return b.fdShots || []; }),
        signed: all("[data-fd-sign]", form).map(function (b) { return b.querySelector("input[type=file]").files[0] || null; }) };
    }
    function save() { return put(key, gather()).then(told).catch(function () { fadu.say("本机没有空间保存草稿，请尽快提交。", "error"); }); }
    form.addEventListener("input", function () { if (form.fdGone) return; clearTimeout(waiting); waiting = setTimeout(save, 400); });
    form.addEventListener("change", function () { form.dispatchEvent(new Event("input")); });
    get(key).then(function (draft) {
      // after a refusal the server has filled the form with what was typed; only the files must come back
      if (!draft) return;
      if (Date.now() - new Date(draft.at) > KEEP_DAYS * 864e5) { drop(key); return; }
      if (!form.querySelector(".fd-errors")) { fill(form, draft.values); bar(form, key, draft); }
      all("[data-fd-photos]", form).forEach(function (b, i) { if (draft.shots[i] && draft.shots[i].length) b.fdRestore(draft.shots[i]); });
      all("[data-fd-sign]", form).forEach(function (b, i) { if (draft.signed[i]) b.fdRestore(draft.signed[i]); });
      form.fdUnsent = draft.unsent; fadu.settle(form);
      if (form.fdUnsent && form.hasAttribute("data-fd-send")) window.addEventListener("online", function () { form.requestSubmit(); }, { once: true });
    });
    if (form.hasAttribute("data-fd-send")) form.addEventListener("submit", function (event) {
      event.preventDefault(); clearTimeout(waiting); fadu.clean(form);
      var body = new FormData(form), button = event.submitter;
      if (button && button.name) body.append(button.name, button.value);
      save().then(function () { return fetch(form.action, { method: "POST", body: body, credentials: "same-origin", redirect: "follow" }); })
        .then(function (answer) {
          // a session that has run out answers with the login page: nothing was written, so the draft stays
          if (answer.redirected && new URL(answer.url).pathname === "/login/") {
            form.fdUnsent = true; fadu.release(form);
            return save().then(function () { fadu.say("登录已经失效，内容没有发出，仍保存在本机。请在另一页重新登录后再提交。", "error"); });
          }
          form.fdUnsent = false;
          return answer.text().then(function (html) {
            if (!(answer.ok && answer.redirected)) { replace(form, html, answer.ok ? key : ""); return; }
            // the answer that was followed has used up the messages: hand them to the page that is opened now
            var said = new DOMParser().parseFromString(html, "text/html").getElementById("fd-messages");
            if (said) sessionStorage.setItem("fd-messages", said.innerHTML);
            form.fdGone = true;
            return drop(key).then(function () { location.assign(answer.url); });
          });
        })
        .catch(function () { form.fdUnsent = true; fadu.release(form); save(); window.addEventListener("online", function () { form.requestSubmit(button && button.form === form ? button : undefined); }, { once: true }); });
    });
  }
  function replace(form, html, done) {
    var page = new DOMParser().parseFromString(html, "text/html"), fresh = page.getElementById("main"), old = doc.getElementById("main");
    if (done) drop(done);
    if (!fresh || !old) { fadu.release(form); fadu.say("系统没有正常应答，内容仍保存在本机。", "error"); return; }
    old.replaceWith(doc.adoptNode(fresh)); start(fresh); fadu.settle(fresh);
    if (window.htmx) htmx.process(fresh);
  }
  function fill(form, values) {
    // the same name may stand several times: the n-th value goes to the n-th field of that name
    var seen = {};
    values.forEach(function (one) {
      var same = fields(form).filter(function (f) { return f.name === one[0] && (one[2] === null || f.value === one[2]); });
      var id = one[0] + "\u0000" + one[2], f = same[seen[id] = (seen[id] === undefined ? 0 : seen[id] + 1)];
      if (!f) return;
      if (typeof one[1] === "boolean") f.checked = one[1]; else f.value = one[1];
    });
  }
  function bar(form, key, draft) {
    var note = doc.createElement("div"), text = doc.createElement("span"), off = doc.createElement("button");
    note.className = "fd-note info"; off.type = "button"; off.className = "btn btn-quiet btn-sm";
    text.textContent = "已恢复" + moment(new Date(draft.at)) + "保存在本机、还没有提交的内容。"; off.textContent = "不要了，从头填";
    off.addEventListener("click", function () { form.fdGone = true; drop(key).then(function () { fadu.clean(form); location.reload(); }); });
    text.append(off); note.append(text); form.prepend(note);
  }

  /* --- what is not sent, said plainly */
  function told() {
    return mine().then(function (drafts) {
      var waiting = drafts.filter(function (one) { return one.draft.unsent; });
      all("[data-fd-unsent]").forEach(function (node) {
        node.hidden = navigator.onLine && !waiting.length;
        node.querySelector("[data-fd-unsent-text]").textContent = navigator.onLine ? "已存在本机，还没有送到" : "没有信号，填写的内容存在本机";
        node.querySelector("[data-fd-unsent-count]").textContent = waiting.length ? waiting.length + "份未上传" : "";
        var again = node.querySelector("[data-fd-unsent-retry]"), form = doc.querySelector("form[data-fd-send]");
        again.hidden = !(navigator.onLine && form && form.fdUnsent);
        again.onclick = function () { form.requestSubmit(); };
      });
      return drafts;
    }).catch(function () { return []; });
  }
  window.addEventListener("online", told); window.addEventListener("offline", told);
  doc.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.matches("[data-fd-logout]") || form.fdAsked) return;
    event.preventDefault(); event.stopImmediatePropagation();
    told().then(function (drafts) {
      if (drafts.length && !window.confirm("本机还有" + drafts.length + "份没有提交的内容，退出后只有您本人再登录才能看到。确定退出？")) { fadu.release(form); return; }
      form.fdAsked = true; fadu.release(form); form.requestSubmit();
    });
  }, true);

  function start(root) {
    all("[data-fd-photos]", root).forEach(photos); all("[data-fd-sign]", root).forEach(pad);
    all("form[data-fd-draft]", root).forEach(drafted);
    // the page after a submission by the browser itself says which draft has arrived
    all("[data-fd-draft-done]", root).forEach(function (n) { drop(user + "/" + n.dataset.fdDraftDone).then(told); });
    told();
  }
  doc.addEventListener("fd:added", function (event) { start(event.detail); });
  doc.addEventListener("htmx:after:swap", function () { start(doc); });
  if (doc.readyState === "complete") start(doc); else window.addEventListener("DOMContentLoaded", function () { start(doc); });
})();
