/* Counts on the phone what has been checked so far, before anything is sent: the ring and the button follow each tap. */
(function () {
  "use strict";
  var doc = document;
  function count() {
    var form = doc.querySelector("form[data-checklist]");
    if (!form) return;
    var items = form.querySelectorAll(".fd-tri").length, done = form.querySelectorAll(".fd-tri :checked").length;
    var bad = form.querySelectorAll(".fd-tri .x :checked").length, ring = doc.querySelector(".fd-ring"), next = form.querySelector("[data-next]");
    ring.setAttribute("aria-label", "已查" + done + "项，共" + items + "项");
    ring.querySelector("text").textContent = done + "/" + items;
    ring.querySelector(".got").setAttribute("stroke-dasharray", (items ? 106.8 * done / items : 0) + " 106.8");
    if (bad) next.textContent = bad + "项不符合，去开单";
    form.querySelectorAll(".fd-m-item").forEach(function (item) { item.classList.toggle("bad", !!item.querySelector(".x :checked")); });
  }
  doc.addEventListener("change", count);
  // the draft kept on the phone is filled in after the page is there, and tells so by `input`
  doc.addEventListener("input", count);
  window.addEventListener("load", function () { count(); setTimeout(count, 400); });
})();
