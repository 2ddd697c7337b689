"use strict";
// A sentence and its twin share data-s. Pointer or focus on one lights both;
// arrow keys walk from sentence to sentence; a term shows its glossary entry.
const all = [...document.querySelectorAll("[data-s]")];
const walk = all.filter((e) => e.hasAttribute("tabindex"));
const tip = document.getElementById("tip");
let lit = "";

function light(key) {
  if (key === lit) return;
  lit = key;
  for (const e of all) e.classList.toggle("on", key !== "" && e.dataset.s === key);
}

function show(term) {
  const entry = document.getElementById(term.hash.slice(1));
  if (!entry || entry.contains(term)) return;
  tip.replaceChildren(...[...entry.children].map((e) => {
    const line = document.createElement("div");
    line.className = e.tagName === "DT" ? "entry" : e.className;
    line.textContent = e.textContent;
    return line;
  }));
  tip.hidden = false;
  const at = term.getClientRects()[0], box = tip.getBoundingClientRect(), view = document.documentElement;
  const left = Math.max(8, Math.min(at.left, view.clientWidth - box.width - 8));
  const below = at.bottom + box.height + 12 < view.clientHeight;
  tip.style.left = left + scrollX + "px";
  tip.style.top = (below ? at.bottom + 6 : at.top - box.height - 6) + scrollY + "px";
}

for (const event of ["mouseover", "focusin"]) {
  document.addEventListener(event, (e) => {
    if (!(e.target instanceof Element)) return;
    const sentence = e.target.closest("[data-s]"), term = e.target.closest("a.term");
    light(sentence ? sentence.dataset.s : "");
    if (term) show(term); else tip.hidden = true;
  });
}
document.addEventListener("focusout", () => { light(""); tip.hidden = true; });
document.addEventListener("keydown", (e) => {
  if (e.key === "Escape") { tip.hidden = true; light(""); return; }
  const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
  const at = walk.indexOf(document.activeElement);
  if (!step || at < 0 || e.altKey || e.ctrlKey || e.metaKey) return;
  const next = walk[at + step];
  if (!next) return;
  e.preventDefault();
  walk[at].tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
});
