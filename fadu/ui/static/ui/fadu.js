/* Fadu: behaviour shared by all pages. Hooks are data-fd-*, never classes; a page works, if less smoothly, without it. */
(function () {
  "use strict";
  var doc = document;
  var all = function (selector, root) { return Array.prototype.slice.call((root || doc).querySelectorAll(selector)); };
  var typing = function (node) { return node && (/^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName) || node.isContentEditable); };

  /* --- htmx: the token that lets a POST through */
  doc.addEventListener("htmx:config:request", function (event) {
    var token = doc.querySelector('meta[name="csrf-token"]');
    if (token) event.detail.ctx.request.headers["X-CSRFToken"] = token.content;
  });
  doc.addEventListener("htmx:error", function () {
    say("没有送到：网络中断，或者系统没有应答。您填写的内容还在，请稍后再试。", "error");
  });
  doc.addEventListener("htmx:after:swap", function () { settle(doc); });
  doc.addEventListener("htmx:finally:request", function (event) { release(event.target); });

  function say(text, tone) {
    var place = doc.getElementById("fd-messages");
    if (!place) return;
    var toast = doc.createElement("div"), words = doc.createElement("span"), close = doc.createElement("button");
    toast.className = "fd-toast " + tone; toast.setAttribute("role", "alert");
    words.textContent = text; close.textContent = "收起"; close.type = "button"; close.dataset.fdDismiss = "";
    toast.append(words, close); place.append(toast); toast.scrollIntoView({ block: "nearest" });
  }

  /* --- what needs care when content arrives: focus on what went wrong, fields that depend on others */
  function settle(root) {
    var wrong = all("[data-fd-focus]", root).pop();
    if (wrong && wrong !== settle.last) { settle.last = wrong; wrong.focus(); }
    all("[data-fd-when]", root).forEach(show);
    all("[data-fd-add]", root).forEach(function (button) { button.hidden = false; });
  }
  // data-fd-when="method=post,agent": in view, and sent, only while field `method` of the same form has one of the values
  function show(block) {
    var parts = block.dataset.fdWhen.split("="), form = block.closest("form"), wanted = parts[1].split(",");
    if (!form) return;
    var fields = all('[name="' + parts[0] + '"]', form);
    var values = fields.filter(function (f) { return !/^(radio|checkbox)$/.test(f.type) || f.checked; })
      .map(function (f) { return f.type === "checkbox" && !f.hasAttribute("value") ? "on" : f.value; });
    var open = values.some(function (value) { return wanted.indexOf(value) >= 0; });
    var own = block.matches("input,select,textarea"), box = own && block.closest(".fd-field") || block;
    box.hidden = !open;
    (own ? [block] : all("input,select,textarea", block)).forEach(function (f) {
      if (open && f.dataset.fdOff) { f.disabled = false; delete f.dataset.fdOff; }
      if (!open && !f.disabled) { f.disabled = true; f.dataset.fdOff = "1"; }
    });
  }

  /* --- forms: one press sends once; what is typed is not lost unasked */
  var dirty = new Set();
  doc.addEventListener("input", function (event) {
    var form = event.target.form;
    if (form && form.hasAttribute("data-fd-guard")) dirty.add(form);
  });
  doc.addEventListener("change", function (event) {
    var form = event.target.form;
    if (form) all("[data-fd-when]", form).forEach(show);
    if (form && form.hasAttribute("data-fd-filter") && event.target.tagName === "SELECT") form.requestSubmit();
    if (event.target.hasAttribute("data-fd-all")) {
      all('input[type=checkbox][name="' + event.target.dataset.fdAll + '"]').forEach(function (box) {
        box.checked = event.target.checked; box.closest("tr") && box.closest("tr").classList.toggle("sel", box.checked);
      });
    }
  });
  window.addEventListener("beforeunload", function (event) {
    dirty.forEach(function (form) { if (!form.isConnected) dirty.delete(form); });
    if (dirty.size) { event.preventDefault(); event.returnValue = ""; }
  });
  doc.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method === "dialog") return;
    if (form.dataset.fdSent) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    dirty.delete(form);
    if (form.method !== "post") return;
    form.dataset.fdSent = "1";
    setTimeout(function () {
      if (event.defaultPrevented && !form.matches("[hx-post],[data-fd-send],[data-fd-sending]")) { release(form); return; }
      all("button[type=submit],button:not([type])", form).forEach(function (b) { b.setAttribute("aria-disabled", "true"); });
    }, 0);
  }, true);
  /* --- chosen files outlive a refusal: a browser would empty their fields with the new page, so such a form is sent from
     here and the answer put in its place; what arrived leads on as it would have */
  function chosen(form) { return all("input[type=file]", form).filter(function (f) { return !f.disabled && f.files.length; }); }
  doc.addEventListener("submit", function (event) {
    var form = event.target, kept;
    if (event.defaultPrevented || !form.matches('form[method="post"][enctype="multipart/form-data"][data-fd-guard]:not([data-fd-send])')) return;
    if (!(kept = chosen(form)).length) return;
    event.preventDefault();
    form.dataset.fdSending = "1";
    fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" }).then(function (answer) {
      return answer.text().then(function (html) {
        var page = new DOMParser().parseFromString(html, "text/html"), fresh = page.getElementById("main");
        if (answer.redirected && new URL(answer.url).pathname === "/login/") throw new Error("login");
        if (answer.redirected) {
          // the answer that was followed has used up the messages: hand them to the page that is opened now
          var said = page.getElementById("fd-messages");
          if (said) sessionStorage.setItem("fd-messages", said.innerHTML);
          location.assign(answer.url);
          return;
        }
        if (!fresh) throw new Error("answer");
        // a page of refusal or of a fault holds no form: what was filled in stays where it is, and the reason is said
        if (!answer.ok && !fresh.querySelector("form")) {
          delete form.dataset.fdSending; release(form); dirty.add(form);
          say(fresh.textContent.replace(/\s+/g, " ").trim(), "error");
          return;
        }
        doc.getElementById("main").replaceWith(doc.adoptNode(fresh));
        // a form that stood inside another page answers with its own: its address is the one to send to again
        if (answer.url !== location.href) history.pushState(null, "", answer.url);
        kept.forEach(function (old) {
          var place = fresh.querySelector('input[type=file][name="' + old.name + '"]');
          if (place) place.files = old.files;
        });
        all("form[data-fd-guard]", fresh).forEach(function (one) { dirty.add(one); });
        if (window.htmx) window.htmx.process(fresh);
        settle(fresh);
        doc.dispatchEvent(new CustomEvent("fd:added", { detail: fresh }));
        if (!fresh.querySelector("[data-fd-focus]")) window.scrollTo(0, 0);
      });
    }).catch(function (error) {
      delete form.dataset.fdSending; release(form); dirty.add(form);
      say(error.message === "login" ? "登录已经失效，内容没有发出。请在另一页重新登录后再提交。" : "没有送到：网络中断，或者系统没有应答。您填写的内容还在，请稍后再试。", "error");
    });
  });
  function release(node) {
    var form = node && node.closest ? node.closest("form") : null;
    if (!form) return;
    delete form.dataset.fdSent;
    all('[aria-disabled="true"]', form).forEach(function (b) { b.removeAttribute("aria-disabled"); });
  }
  window.addEventListener("pageshow", function (event) { if (event.persisted) all("form").forEach(release); });
  window.fadu = { release: release, say: say, settle: settle, clean: function (form) { dirty.delete(form); } };

  /* --- rows of a formset: data-fd-add="prefix" beside <template data-fd-empty="prefix">; data-fd-remove in a row */
  function addRow(button) {
    var prefix = button.dataset.fdAdd, template = doc.querySelector('template[data-fd-empty="' + prefix + '"]');
    var total = doc.getElementById("id_" + prefix + "-TOTAL_FORMS"), holder = doc.createElement("div");
    if (Number(total.value) >= Number(button.dataset.fdMost || 1000)) { say("最多" + total.value + "项。", "error"); return; }
    holder.innerHTML = template.innerHTML.replace(/__prefix__/g, total.value);
    total.value = Number(total.value) + 1;
    all(":scope > *", holder).forEach(function (row) { template.parentNode.insertBefore(row, template); settle(row); });
    var first = all("input:not([type=hidden]),select,textarea", template.previousElementSibling)[0];
    if (first) first.focus();
    doc.dispatchEvent(new CustomEvent("fd:added", { detail: template.previousElementSibling }));
  }
  function removeRow(button) {
    var row = button.closest("[data-fd-row]"), mark = row && row.querySelector('input[name$="-DELETE"]');
    if (!row) return;
    if (mark) { mark.checked = true; mark.value = "on"; }
    row.hidden = true;
    all("[required]", row).forEach(function (f) { f.required = false; });
  }

  /* --- clicks */
  doc.addEventListener("click", function (event) {
    var node = event.target.closest && event.target.closest("[data-fd-theme],[data-fd-open],[data-fd-close],[data-fd-dismiss],[data-fd-add],[data-fd-remove],[data-fd-print]");
    all("details[data-fd-menu][open]").forEach(function (menu) { if (!menu.contains(event.target)) menu.open = false; });
    if (!node) return;
    if (node.hasAttribute("data-fd-theme")) theme();
    else if (node.dataset.fdOpen) doc.querySelector(node.dataset.fdOpen).showModal();
    else if (node.hasAttribute("data-fd-close")) node.closest("dialog").close();
    else if (node.hasAttribute("data-fd-dismiss")) node.closest(".fd-toast").remove();
    else if (node.dataset.fdAdd) addRow(node);
    else if (node.hasAttribute("data-fd-remove")) removeRow(node);
    else if (node.hasAttribute("data-fd-print")) window.print();
  });
  function theme() {
    var root = doc.documentElement, dark = root.dataset.theme !== "dark";
    root.dataset.theme = dark ? "dark" : "light";
    doc.cookie = "fd_theme=" + root.dataset.theme + ";path=/;max-age=31536000;samesite=lax";
    all("[data-fd-theme] span").forEach(function (s) { s.textContent = dark ? "明亮" : "夜间"; });
  }

  /* --- keyboard */
  doc.addEventListener("keydown", function (event) {
    if (event.key === "Escape") all("details[data-fd-menu][open]").forEach(function (menu) { menu.open = false; menu.querySelector("summary").focus(); });
    if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey || doc.querySelector("dialog[open]")) return;
    if (event.key === "/") {
      var search = doc.querySelector("[data-fd-search]");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    } else if (event.key === "?") {
      var keys = doc.getElementById("fd-keys");
      if (keys) { event.preventDefault(); keys.showModal(); }
    } else if (event.key === "j" || event.key === "k") {
      walk(event.key === "j" ? 1 : -1);
    } else if (event.key === "Enter" && event.target.matches("tr.focus")) {
      var link = event.target.querySelector("a[href]");
      if (link) { event.preventDefault(); link.click(); }
    }
  });
  function walk(step) {
    var rows = all("table[data-fd-rows] tbody tr");
    if (!rows.length) return;
    var now = rows.findIndex(function (row) { return row.classList.contains("focus"); });
    var next = rows[Math.min(rows.length - 1, Math.max(0, now < 0 ? 0 : now + step))];
    rows.forEach(function (row) { row.classList.remove("focus"); row.removeAttribute("tabindex"); });
    next.classList.add("focus"); next.tabIndex = 0; next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  var carried = sessionStorage.getItem("fd-messages");
  if (carried && doc.getElementById("fd-messages")) {
    sessionStorage.removeItem("fd-messages");
    if (!doc.getElementById("fd-messages").children.length) doc.getElementById("fd-messages").innerHTML = carried;
  }
  if (doc.readyState === "loading") doc.addEventListener("DOMContentLoaded", function () { settle(doc); });
  else settle(doc);
})();
