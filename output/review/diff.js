"use strict";
(() => {
  const changes = [...document.querySelectorAll(".change")];
  const boxes = [...document.querySelectorAll("#kinds input")];
  const shown = () => changes.filter((c) => !c.hidden);
  const filter = () => {
    const kinds = new Set(boxes.filter((b) => b.checked).map((b) => b.value));
    for (const c of changes) c.hidden = !kinds.has(c.dataset.kind);
    for (const s of document.querySelectorAll("section")) s.hidden = !s.querySelector(".change:not([hidden])");
    document.getElementById("none").hidden = shown().length > 0;
  };
  for (const b of boxes) b.addEventListener("change", filter);
  const jump = (by) => {
    const list = shown();
    if (!list.length) return;
    const at = list.indexOf(document.activeElement.closest ? document.activeElement.closest(".change") : null);
    const next = list[at < 0 ? (by > 0 ? 0 : list.length - 1) : Math.min(list.length - 1, Math.max(0, at + by))];
    next.focus();
    next.scrollIntoView({ block: "center" });
  };
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.target.matches("input[type=text], textarea")) return;
    if (e.key === "j" || e.key === "ArrowDown") { jump(1); e.preventDefault(); }
    if (e.key === "k" || e.key === "ArrowUp") { jump(-1); e.preventDefault(); }
  });
  filter();
})();
