"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const make = (tag, attributes = {}, ...children) => {
    const e = document.createElement(tag);
    for (const [k, v] of Object.entries(attributes)) {
      if (k === "onclick") e.addEventListener("click", v);
      else if (v !== undefined && v !== false) e.setAttribute(k, v === true ? "" : v);
    }
    e.append(...children);
    return e;
  };
  const random = () => Math.random().toString(36).slice(2) + Date.now().toString(36);
  // tab outlives a reload, so that undo does; load numbers the requests.
  const load = random();
  let tab = load;
  try { tab = sessionStorage.getItem("tab") || load; sessionStorage.setItem("tab", tab); } catch { /* then it does not */ }
  let counter = 0;
  let files = [], file = 0, doc = 0, name = "", version = 0;
  let from = "fr", to = "en";
  let segments = [], shown = [], at = 0; // at: index in segments
  let byId = new Map();
  let editing = false, terms = false, editor = "";

  // ---- talking to the server -------------------------------------------
  const get = async (path) => {
    const r = await fetch(path, { headers: { Accept: "application/json" } });
    if (!r.ok) throw new Error(await r.text());
    return r.json();
  };
  const post = (path, body, keepalive = false) =>
    fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), keepalive });

  // Changes wait here until the server says that they are in the file and in
  // the memory. The queue is also kept by the browser, in case the page is
  // closed or the connection is lost.
  let queue = [], sending = false, failed = "", retry = 0;
  const stash = () => {
    try {
      if (queue.length) localStorage.setItem("queue-" + load, JSON.stringify(queue));
      else localStorage.removeItem("queue-" + load);
    } catch { /* without storage the queue lives in the page alone */ }
  };
  const status = () => {
    const e = $("saved");
    e.className = failed ? "bad" : queue.length ? "busy" : "";
    const n = queue.length;
    e.textContent = failed ? `Not saved (${n}): ${failed}` : n ? `Saving ${n} …` : "Saved";
  };
  const newKey = () => `${load}-${++counter}`;
  const enqueue = (change) => {
    queue.push({ key: newKey(), tab, file, document: doc, ...change });
    stash();
    status();
    send();
  };
  const send = async () => {
    if (sending || !queue.length) return;
    sending = true;
    // Two changes of one segment go one after the other: the second stands on
    // what became of the first. So does what follows an undo.
    const batch = [], here = new Set();
    for (const c of queue) {
      const place = c.op === "undo" ? "" : `${c.file}/${c.document}/${c.id}`;
      if (batch.length === 50 || (place && (here.has(place) || here.has("")))) break;
      here.add(place);
      batch.push(c);
      c.sent = true;
    }
    let results;
    try {
      const r = await post("/api/changes", batch);
      if (!r.ok) throw new Error(r.status === 403 ? "this tab has lost its right to save; open the page anew" : await r.text());
      results = await r.json();
      failed = "";
      retry = 0;
    } catch (err) {
      failed = err instanceof TypeError ? "the connection is lost; trying again" : err.message;
      sending = false;
      retry = Math.min(5000, (retry || 250) * 2);
      status();
      setTimeout(send, retry);
      return;
    }
    sending = false;
    const seen = { any: false, near: false, undone: "" };
    for (const res of results) {
      const change = batch.find((c) => c.key === res.key);
      if (res.retry) {
        failed = res.error;
        continue; // stays in the queue
      }
      queue = queue.filter((c) => c.key !== res.key);
      if (res.ok) settle(change, res, seen);
      else if (res.conflict) clash(change, res.conflict);
      else if (res.gone) lost(change, res.error);
      else { failed = ""; complain(res.error); if (change.op === "undo") loadDocument().catch(() => {}); }
      if (!res.ok) forget(change);
    }
    if (seen.any) progress();
    if (seen.undone && byId.has(seen.undone) && byId.get(seen.undone) !== at) go(byId.get(seen.undone));
    else if (seen.near && !editing) show(true);
    else if (seen.near) { renderFindings(segments[at]); renderDetails(); }
    stash();
    status();
    if (failed) setTimeout(send, 2000);
    else if (queue.length) send();
  };
  // shows holds for a change that waits and says how a segment of the document looks.
  const shows = (c, id) => c.file === file && c.document === doc && c.id === id && (c.op === "save" || c.restores);
  // settle takes the server's word for what is saved. What it means for what
  // is seen is noted, to be painted once for all answers.
  const settle = (change, res, seen) => {
    const here = change.file === file && change.document === doc;
    if (!here) { loadFiles(); return; }
    version = Math.max(version, res.version);
    if (res.structure) { loadDocument(res.id); return; }
    for (const s of res.segments || []) {
      // A later change to the segment may wait: it keeps what it shows, on the new base.
      const waiting = queue.filter((c) => shows(c, s.id));
      for (const c of waiting) c.base = s.rev;
      const i = byId.get(s.id);
      if (i === undefined) continue;
      const mine = waiting.at(-1), old = segments[i];
      segments[i] = !mine ? s : mine.op === "save" ? { ...s, target: mine.target, state: mine.state, comment: mine.comment } : { ...old, rev: s.rev };
      seen.any = true;
      seen.near ||= i === at || Math.abs(i - at) <= context && (old.target !== segments[i].target || old.state !== segments[i].state || worst(old) !== worst(segments[i]));
    }
    if (change.op === "undo" && res.id !== (change.restores ? change.id : segments[at].id)) seen.undone = res.id;
  };
  const complain = (text) => { const e = $("saved"); e.className = "bad"; e.textContent = text; setTimeout(status, 6000); };

  const copy = async (text) => { try { await navigator.clipboard.writeText(text); } catch { /* the text is on the page, too */ } };
  // clash shows both texts; nothing is thrown away before the editor chooses.
  const clash = (change, now) => {
    const i = change.file === file && change.document === doc ? byId.get(now.id) : undefined;
    if (i !== undefined) { segments[i] = now; if (!editing) go(i); }
    const box = $("conflict");
    box.hidden = false;
    const close = () => { box.hidden = true; box.replaceChildren(); status(); };
    if (change.op !== "save") {
      box.replaceChildren(make("p", {}, "This can’t be done: the segment was changed elsewhere meanwhile. It stands now as shown."), make("button", { type: "button", onclick: close }, "Close"));
      return;
    }
    const mine = { target: change.target, state: change.state, comment: change.comment };
    const keep = () => {
      if (change.file === file && change.document === doc && byId.has(now.id)) save(mine, byId.get(now.id));
      else enqueue({ op: "save", file: change.file, document: change.document, id: now.id, base: now.rev, ...mine });
    };
    box.replaceChildren(
      make("p", {}, make("b", {}, "The segment was changed elsewhere meanwhile.")),
      make("p", {}, "There: ", make("span", { class: "text", lang: to }, now.target || "(empty)"), ` · ${now.state}`),
      make("p", {}, "Yours: ", make("span", { class: "text", lang: to, id: "mine" }, change.target || "(empty)"), ` · ${change.state}`),
      make("div", { class: "buttons" },
        make("button", { type: "button", id: "keep-mine", onclick: () => { close(); keep(); show(); } }, "Keep mine"),
        make("button", { type: "button", id: "keep-theirs", onclick: () => { close(); show(); } }, "Keep the other")));
    box.querySelector("button").focus();
  };
  const lost = (change, why) => {
    const box = $("conflict");
    box.hidden = false;
    box.replaceChildren(make("p", {}, why), make("p", {}, "Your text: ", make("span", { class: "text", id: "mine" }, change.target || "")),
      make("button", { type: "button", onclick: () => copy(change.target || "") }, "Copy"), make("button", { type: "button", onclick: () => { box.hidden = true; loadDocument(); } }, "Close"));
    loadDocument();
  };

  // ---- documents ---------------------------------------------------------
  const loadFiles = async () => {
    const all = await get("/api/files");
    files = all.files; terms = all.terms; editor = all.editor;
    renderDocuments();
  };
  let entries = new Map(); // "file/document" → what shows it
  const renderDocuments = () => {
    const list = files.flatMap((f) => (f.documents || []).map((d) => [f, d, `${f.index}/${d.index}/${d.title || d.name}`]));
    if (list.length !== entries.size || !list.every(([, , key]) => entries.has(key))) {
      entries = new Map(list.map(([f, d, key]) => [key, { small: make("small"), bar: make("progress"), button: make("button", { type: "button", onclick: () => { leave(); file = f.index; doc = d.index; loadDocument(""); } }) }]));
      $("documents").replaceChildren(make("ul", {}, ...list.map(([, d, key]) => { const e = entries.get(key); e.button.append(d.title || d.name, make("br"), e.small, e.bar); return make("li", {}, e.button); })));
    }
    for (const [f, d, key] of list) {
      const e = entries.get(key), done = `${d.done} of ${d.segments} reviewed`, now = `${done}/${d.errors}`;
      if (f.index === file && d.index === doc) e.button.setAttribute("aria-current", "true"); else e.button.removeAttribute("aria-current");
      if (e.now === now) continue;
      e.now = now;
      e.small.replaceChildren(done, ...(d.errors ? [" · ", make("span", { class: "errors" }, `${d.errors} ${d.errors === 1 ? "error" : "errors"}`)] : []));
      e.bar.max = Math.max(1, d.segments);
      e.bar.value = d.done;
      e.bar.setAttribute("aria-label", done);
    }
  };
  const progress = () => {
    const f = files.find((x) => x.index === file), d = f && (f.documents || []).find((x) => x.index === doc);
    if (!d) return;
    d.segments = segments.length;
    d.done = 0; d.errors = 0;
    for (const s of segments) {
      if (s.state === "reviewed" || s.state === "final") d.done++;
      if (s.findings && worst(s) === "error") d.errors++;
    }
    renderDocuments();
  };
  const worst = (s) => {
    let w = "";
    for (const f of s.findings || []) {
      if (f.level === "error") return "error";
      if (f.level === "warning" || !w) w = f.level;
    }
    return w;
  };
  const loadDocument = async (focus) => {
    const wanted = `${file}/${doc}`;
    const d = await get(`/api/document?file=${file}&document=${doc}`);
    if (wanted !== `${file}/${doc}`) return; // another document was opened meanwhile
    // Where the editor is now, not where he was when this was asked for.
    const keep = focus === undefined && segments[at] ? segments[at].id : focus;
    const typed = editing ? { id: segments[at].id, text: $("edit").value, start: $("edit").selectionStart } : null;
    name = d.name; version = d.version; segments = d.segments; from = d.from; to = d.to;
    byId = new Map(segments.map((s, i) => [s.id, i]));
    for (const c of queue) { // what waits is still shown
      const i = byId.get(c.id);
      if (i !== undefined && shows(c, c.id)) Object.assign(segments[i], { target: c.target, state: c.state, comment: c.comment });
    }
    document.title = `${d.title || d.name} · Review`;
    $("source").lang = from; $("target").lang = to; $("edit").lang = to; $("machine").lang = to;
    fillRules();
    filter(keep);
    progress();
    foldAhead();
    if (typed && byId.get(typed.id) === at && typed.id === segments[at].id) { // the text under the cursor is the editor's
      openEditor(typed.text);
      $("edit").setSelectionRange(typed.start, typed.start);
    }
  };
  const fillRules = () => {
    const select = $("finding"), chosen = select.value;
    const rules = [...new Set(segments.flatMap((s) => (s.findings || []).map((f) => f.rule)))].sort();
    while (select.options.length > 4) select.remove(4);
    for (const r of rules) select.append(make("option", { value: "rule:" + r }, r));
    select.value = [...select.options].some((o) => o.value === chosen) ? chosen : "";
  };
  const folds = new WeakMap(); // segment → what search looks at
  const folded = (s) => {
    let f = folds.get(s);
    if (!f || f.target !== s.target || f.comment !== s.comment) {
      f = { target: s.target, comment: s.comment, text: fold(`${s.source}\n${s.target}\n${s.comment || ""}`) };
      folds.set(s, f);
    }
    return f.text;
  };
  const fold = (s) => s.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
  // fold all segments while nothing else is to do, so that the first letter of
  // a search does not wait for it.
  const foldAhead = () => {
    const list = segments, idle = window.requestIdleCallback || ((f) => setTimeout(() => f({ timeRemaining: () => 8 }), 50));
    let i = 0;
    const some = (deadline) => {
      if (list !== segments) return; // another document
      while (i < list.length && deadline.timeRemaining() > 1) for (const end = Math.min(list.length, i + 50); i < end; i++) folded(list[i]);
      if (i < list.length) idle(some);
    };
    idle(some);
  };
  // matcher tells whether a segment passes the filters as they stand.
  const matcher = () => {
    const state = $("state").value, finding = $("finding").value, words = fold($("search").value.trim());
    return (s) => {
      const done = s.state === "reviewed" || s.state === "final";
      if (state === "open" ? done : state === "empty" ? s.target : state === "comment" ? !s.comment : state === "draft" ? !s.draft : state && s.state !== state) return false;
      if (finding === "any" ? !(s.findings || []).length : finding.startsWith("rule:") ? !(s.findings || []).some((f) => "rule:" + f.rule === finding) : finding && !(s.findings || []).some((f) => f.level === finding)) return false;
      return !words || folded(s).includes(words);
    };
  };
  const filter = (keep) => {
    shown = [];
    const passes = matcher();
    segments.forEach((s, i) => { if (passes(s)) shown.push(i); });
    const want = keep ? byId.get(keep) : at;
    at = want !== undefined && (keep === "" || shown.includes(want) || !shown.length) ? want : shown.find((i) => i >= (want ?? 0)) ?? shown.at(-1) ?? 0;
    if (keep === "") at = shown.find((i) => segments[i].state !== "reviewed" && segments[i].state !== "final" && segments[i].kind !== "separator") ?? shown[0] ?? 0;
    if (at >= segments.length) at = 0;
    show();
  };

  // ---- one segment ---------------------------------------------------------
  // spans cuts a text where marks begin and end; nested marks are joined in a class.
  const spans = (text, marks) => {
    const cuts = new Set([0, text.length]);
    for (const m of marks) { cuts.add(m.at[0]); cuts.add(m.at[1]); }
    const list = [...cuts].filter((n) => n <= text.length).sort((a, b) => a - b), out = [];
    for (let i = 0; i + 1 < list.length; i++) {
      const part = text.slice(list[i], list[i + 1]);
      const over = marks.filter((m) => m.at[0] <= list[i] && m.at[1] >= list[i + 1]);
      if (!over.length) { out.push(part); continue; }
      out.push(make("mark", { class: [...new Set(over.map((m) => m.class))].join(" "), title: [...new Set(over.map((m) => m.title))].join("\n") }, part));
    }
    return out;
  };
  const painted = new WeakMap(); // element → what it shows: a text that stays keeps its selection
  const paint = (element, text, side, s) => {
    const marks = [];
    for (const t of s.terms || []) if (t[side]) marks.push({ at: t[side], class: "term", title: `${t.entry} → ${t.preferred}` });
    for (const f of s.findings || []) if (f[side] && f[side][1] - f[side][0] < text.length) marks.push({ at: f[side], class: f.level, title: f.message });
    const now = JSON.stringify([s.id, text, marks]);
    if (painted.get(element) === now) return;
    painted.set(element, now);
    element.replaceChildren(...spans(text, marks));
  };
  const ops = (list) => list.map((o) => (o.op === "=" ? o.text : make(o.op === "-" ? "del" : "ins", {}, o.text)));
  const row = (i) => {
    const s = segments[i];
    const cls = s.state === "reviewed" || s.state === "final" ? s.state : worst(s) === "error" ? "error" : "";
    return make("button", { type: "button", tabindex: "-1", onclick: () => { leave(); go(i); } }, make("span", { class: "hide" }, `Segment ${i + 1}: `), make("span", { class: "fr", lang: from }, s.source), make("span", { lang: to, class: cls }, s.target || "—"));
  };
  const context = 2;
  let sayTimer = 0;
  const show = (quiet) => {
    const s = segments[at];
    if (!s) { $("position").textContent = "No segments."; return; }
    const place = shown.indexOf(at);
    const text = `Segment ${at + 1} of ${segments.length}` + (shown.length !== segments.length ? ` · ${place < 0 ? "not among" : place + 1 + " of"} ${shown.length} shown` : "");
    if ($("position").textContent !== text) {
      $("position").textContent = text;
      clearTimeout(sayTimer); // a screen reader hears the segment where the editor stops
      sayTimer = setTimeout(() => { $("say").textContent = `${text}. ${s.source} — ${s.target || "no translation"}. ${s.state}. ${(s.findings || []).map((f) => f.message).join(". ")}`; }, 250);
    }
    const meta = [make("span", { class: `state ${s.state}` }, s.state), ` ${s.origin} · ${s.kind}`];
    if (s.draft && !editing) meta.push(" · ", make("button", { type: "button", id: "draft", onclick: () => openEditor(s.draft.target) }, "unsaved draft: go on"));
    $("meta").replaceChildren(...meta);
    paint($("source"), s.source, "source", s);
    $("target").classList.toggle("empty", !s.target);
    paint($("target"), s.target || "no translation", s.target ? "target" : "", s);
    renderFindings(s);
    $("comment-line").hidden = !s.comment;
    $("comment-line").textContent = s.comment || "";
    const near = (list) => list.filter((i) => i >= 0 && i < segments.length).map(row);
    $("before").replaceChildren(...near(Array.from({ length: context }, (_, k) => at - context + k)));
    $("after").replaceChildren(...near(Array.from({ length: context }, (_, k) => at + 1 + k)));
    renderDetails(quiet);
  };
  let findings = []; // those that are shown
  const renderFindings = (s) => {
    findings = s.findings || [];
    const first = findings.find((f) => f.suggestion && f.target);
    $("findings").replaceChildren(...findings.map((f) => {
      const li = make("li", { class: f.level }, make("span", { class: "hide" }, `${f.level}: `), f.message, " ", make("small", {}, f.rule));
      if (f.suggestion && f.target) li.append(make("button", { type: "button", onclick: () => suggest(f) }, `→ ${f.suggestion.length > 40 ? f.suggestion.slice(0, 40) + "…" : f.suggestion}`, ...(f === first && !editing ? [" ", make("kbd", {}, "g")] : [])));
      return li;
    }));
  };
  const suggest = (f) => {
    const text = editing ? $("edit").value : segments[at].target;
    openEditor(text.slice(0, f.target[0]) + f.suggestion + text.slice(f.target[1]));
    drafting();
  };
  const suggestFirst = () => { const f = findings.find((x) => x.suggestion && x.target); if (f) suggest(f); else complain("No finding here has a suggestion."); };
  let detailsFor = "", detailsTimer = 0, memory = [];
  const renderDetails = (quiet) => {
    const s = segments[at], key = `${file}/${doc}/${s.id}/${s.rev}`;
    $("terms").replaceChildren(...((s.terms || []).length ? s.terms.map((t) => make("li", {}, make("p", {}, make("span", { lang: from }, t.entry), " → ", make("b", { lang: to }, t.preferred)), t.note ? make("p", {}, make("small", {}, t.note)) : "")) : [make("li", { class: "none" }, "No terms here.")]));
    if (key === detailsFor && quiet) return;
    detailsFor = key;
    clearTimeout(detailsTimer);
    detailsTimer = setTimeout(async () => { // not while keys are held down
      let d;
      try { d = await get(`/api/details?file=${file}&document=${doc}&id=${encodeURIComponent(s.id)}`); } catch { return; }
      if (detailsFor !== key) return;
      memory = d.matches || [];
      $("memory").replaceChildren(...(memory.length ? memory.map((m, i) => make("li", {},
        make("p", { class: "fr", lang: from }, ...(m.diff ? ops(m.diff) : [m.source])), make("p", { class: "en", lang: to }, m.target),
        make("small", {}, `${m.percent} % · ${m.origin} `), make("button", { type: "button", onclick: () => take(i) }, "Take ", make("kbd", {}, String(i + 1))))) : [make("li", { class: "none" }, d.error || "No matches.")]));
      $("machine-section").hidden = !d.edit;
      if (d.edit) $("machine").replaceChildren(...ops(d.edit));
    }, 120);
  };
  const take = (i) => { if (memory[i]) { openEditor(memory[i].target); drafting(); } };

  // ---- going and changing ---------------------------------------------------
  const go = (i) => {
    at = Math.max(0, Math.min(segments.length - 1, i));
    $("panel").hidden = true;
    show();
    $("current").scrollIntoView({ block: "nearest" });
  };
  const step = (by) => {
    leave();
    const next = by > 0 ? shown.find((i) => i > at) : shown.findLast((i) => i < at);
    if (next !== undefined) go(next);
    else complain(by > 0 ? "This is the last one." : "This is the first one.");
  };
  const nextFinding = () => {
    leave();
    const next = shown.find((i) => i > at && (segments[i].findings || []).length) ?? shown.find((i) => (segments[i].findings || []).length);
    if (next !== undefined) go(next); else complain("No findings.");
  };
  // optimistic shows a change before it is saved. Where the text is another,
  // the places of findings and terms in it are no longer known.
  const optimistic = (i, values) => {
    const s = segments[i];
    if (!s) return;
    const other = values.target !== undefined && values.target !== s.target, placeless = (list) => list && list.map((x) => ({ ...x, target: undefined }));
    segments[i] = { ...s, ...values, ...(other ? { findings: placeless(s.findings), terms: placeless(s.terms) } : {}) };
  };
  // past is what this page changed, by document, as the server's history is: an
  // undo shows at once what it will restore.
  const past = new Map(), pastLimit = 1000;
  const opened = () => `${file}/${doc}`;
  const remember = (key, before) => {
    if (!past.has(opened())) past.set(opened(), []);
    const list = past.get(opened());
    list.push({ key, before });
    if (list.length > pastLimit) list.shift();
  };
  const forget = (change) => { for (const list of past.values()) { const i = list.findLastIndex((x) => x.key === change.key); if (i >= 0) list.splice(i, 1); } };
  const save = (values, i = at) => {
    const s = segments[i], waiting = queue.filter((c) => shows(c, s.id)).at(-1);
    const change = { op: "save", key: newKey(), id: s.id, base: waiting ? "" : s.rev, target: s.target, state: s.state, comment: s.comment || "", ...values };
    if (change.target === s.target && change.state === s.state && change.comment === (s.comment || "")) { if (s.draft || drafted) dropDraft(s); return; }
    optimistic(i, { target: change.target, state: change.state, comment: change.comment, draft: undefined });
    if (waiting?.op === "save" && !waiting.sent) { // not sent yet: one change is enough
      Object.assign(waiting, { target: change.target, state: change.state, comment: change.comment });
      stash(); status(); send();
      return;
    }
    remember(change.key, s);
    enqueue(change);
  };
  const undo = () => {
    leave();
    const last = past.get(opened())?.pop(), i = byId.get(last?.before?.id);
    if (i === undefined) { enqueue({ op: "undo", id: segments[at].id, of: last?.key }); return; }
    const before = last.before;
    segments[i] = { ...before, rev: segments[i].rev, draft: undefined };
    enqueue({ op: "undo", id: before.id, of: last.key, restores: true, target: before.target, state: before.state, comment: before.comment || "" });
    go(i);
  };
  const openEditor = (text) => {
    editing = true;
    drafted = false;
    const e = $("edit");
    e.value = text ?? segments[at].draft?.target ?? segments[at].target;
    $("target").hidden = true;
    e.hidden = $("hint").hidden = false;
    e.focus();
    e.setSelectionRange(e.value.length, e.value.length);
  };
  const shut = () => {
    editing = false;
    clearTimeout(draftTimer);
    $("edit").hidden = $("hint").hidden = true;
    $("target").hidden = false;
  };
  // leave ends editing and saves what was written.
  const leave = (state) => {
    if (!editing) return false;
    const text = $("edit").value.replace(/[\n\r\t]+/g, " ").trim(), s = segments[at];
    shut();
    const changed = text !== s.target;
    if (changed || state) save({ target: text, state: state || (text ? "translated" : "initial") });
    else if (s.draft || drafted) dropDraft(s);
    show();
    return true;
  };
  const dropDraft = (s) => { s.draft = undefined; post("/api/draft", { file, document: doc, id: s.id, base: s.rev, target: s.target }).catch(() => {}); };
  const accept = () => {
    const s = segments[at];
    if (editing) { if (!$("edit").value.trim()) { complain("There is no translation to accept."); return; } leave("reviewed"); }
    else if (!s.target) { complain("There is no translation to accept."); return; }
    else if (s.state !== "reviewed" && s.state !== "final") save({ state: "reviewed" });
    const next = shown.find((i) => i > at);
    if (next !== undefined) go(next); else show();
  };
  let draftTimer = 0, checkTimer = 0, drafted = false; // drafted: the server has a draft of what is edited
  const drafting = () => {
    clearTimeout(draftTimer);
    clearTimeout(checkTimer);
    const s = segments[at], body = () => ({ file, document: doc, id: s.id, base: s.rev, target: $("edit").value });
    draftTimer = setTimeout(() => {
      if (!editing) return;
      drafted = true;
      post("/api/draft", body()).catch(() => { failed = failed || "the connection is lost; the text is only in this tab"; status(); });
    }, 300);
    checkTimer = setTimeout(async () => {
      try {
        const r = await post("/api/check", body());
        const now = r.ok ? await r.json() : null;
        if (!r.ok || !editing || segments[at] !== s) return;
        const told = (list) => (list || []).map((f) => f.message).join(". ") || "No findings";
        if (told(now) !== told(findings)) $("say").textContent = told(now);
        renderFindings({ findings: now });
      } catch { /* the queue tells that the connection is lost */ }
    }, 350);
  };

  // ---- panels: comment, term, split ------------------------------------------
  const panel = (title, fields, done) => {
    const p = $("panel");
    const inputs = fields.map((f) => { const e = make(f.rows ? "textarea" : "input", { id: f.id, rows: f.rows, autocomplete: "off", lang: f.lang }); e.value = f.value || ""; return [f, e]; });
    p.setAttribute("aria-label", title);
    p.replaceChildren(...(inputs.length > 1 ? [make("b", {}, title)] : []), ...inputs.map(([f, e]) => make("label", {}, f.label, e)), make("div", { class: "row" }, make("button", {}, "Keep"), make("button", { type: "button", onclick: () => { p.hidden = true; } }, "Cancel")));
    p.hidden = false;
    p.onsubmit = (e) => { e.preventDefault(); p.hidden = true; done(Object.fromEntries(inputs.map(([f, x]) => [f.id, x.value.trim()]))); $("segment").focus({ preventScroll: true }); };
    p.onkeydown = (e) => { if (e.key === "Escape") { p.hidden = true; $("segment").focus(); } if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) p.requestSubmit(); };
    inputs[0][1].focus();
  };
  const comment = () => { leave(); panel("Comment", [{ id: "note", label: "Comment", rows: 3, value: segments[at].comment }], (v) => { save({ comment: v.note }); show(); }); };
  // chosen is the selected text and the side on which it stands.
  const chosen = () => {
    const e = $("edit");
    if (document.activeElement === e && e.selectionEnd > e.selectionStart) return { text: e.value.slice(e.selectionStart, e.selectionEnd).trim(), side: "target" };
    const sel = getSelection(), text = sel.toString().trim();
    return { text, side: sel.anchorNode && $("target").contains(sel.anchorNode) ? "target" : "source" };
  };
  const term = () => {
    const sel = chosen();
    leave();
    if (!terms) { complain("No glossary to add to: start depeche review with -g FILE."); return; }
    panel("New term", [{ id: "term-source", label: "French", lang: from, value: sel.side === "source" ? sel.text : "" }, { id: "term-target", label: "English", lang: to, value: sel.side === "target" ? sel.text : "" }, { id: "term-note", label: "Note" }], async (v) => {
      try {
        const r = await post("/api/term", { source: v["term-source"], target: v["term-target"], note: v["term-note"] });
        if (!r.ok) throw new Error(await r.text());
        $("saved").textContent = "Term kept";
        await loadDocument();
      } catch (err) { complain(err.message); }
    });
  };
  const offsetIn = (element, fallback) => {
    const sel = getSelection();
    if (!sel.rangeCount || !element.contains(sel.getRangeAt(0).startContainer)) return fallback;
    const r = document.createRange();
    r.selectNodeContents(element);
    r.setEnd(sel.getRangeAt(0).startContainer, sel.getRangeAt(0).startOffset);
    return r.toString().length;
  };
  // sentence is the first place after a full stop, else the middle word.
  const sentence = (text) => { const m = /[.!?…»”"]\s+(?=\S)/.exec(text); if (m) return m.index + m[0].length; const i = text.indexOf(" ", text.length / 2); return i < 0 ? text.length : i + 1; };
  const cut = (change) => { const key = newKey(); remember(key); enqueue({ key, ...change }); };
  const split = () => {
    const s = segments[at];
    const sourceAt = offsetIn($("source"), sentence(s.source));
    leave();
    const p = $("panel");
    const a = make("input", { type: "range", id: "split-source", min: 1, max: Math.max(1, s.source.length - 1), "aria-describedby": "split-source-text" }), b = make("input", { type: "range", id: "split-target", min: 0, max: s.target.length, "aria-describedby": "split-target-text" });
    a.value = sourceAt; b.value = s.target ? sentence(s.target) : 0;
    const ta = make("p", { id: "split-source-text", lang: from, "aria-live": "polite" }), tb = make("p", { id: "split-target-text", lang: to, "aria-live": "polite" });
    const word = (text, n) => { let i = text.lastIndexOf(" ", n); const j = text.indexOf(" ", n); if (j >= 0 && (i < 0 || j - n < n - i)) i = j; return i < 0 ? (n > text.length / 2 ? text.length : 0) : i + 1; };
    const draw = () => { ta.replaceChildren(s.source.slice(0, word(s.source, +a.value)), make("b", {}, " ✂ "), s.source.slice(word(s.source, +a.value))); tb.replaceChildren(s.target.slice(0, word(s.target, +b.value)), make("b", {}, " ✂ "), s.target.slice(word(s.target, +b.value))); };
    a.oninput = b.oninput = draw;
    // The arrow keys go from word to word.
    const hop = (input, text) => (e) => { if (e.key !== "ArrowLeft" && e.key !== "ArrowRight") return; e.preventDefault(); const n = word(text, +input.value); const i = e.key === "ArrowRight" ? text.indexOf(" ", n) + 1 || text.length : text.lastIndexOf(" ", n - 2) + 1; input.value = i; draw(); };
    a.onkeydown = hop(a, s.source); b.onkeydown = hop(b, s.target);
    a.value = word(s.source, +a.value - 1); b.value = word(s.target, Math.max(0, +b.value - 1));
    draw();
    p.setAttribute("aria-label", "Split");
    p.replaceChildren(make("b", {}, "Split here"), make("label", {}, "Source ", a), ta, make("label", {}, "Translation ", b), tb, make("div", { class: "row" }, make("button", { id: "split-do" }, "Split"), make("button", { type: "button", onclick: () => { p.hidden = true; } }, "Cancel")));
    p.hidden = false;
    p.onkeydown = (e) => { if (e.key === "Escape") { p.hidden = true; $("segment").focus(); } };
    p.onsubmit = (e) => { e.preventDefault(); p.hidden = true; cut({ op: "split", id: s.id, base: segments[at].rev, sourceAt: word(s.source, +a.value), targetAt: word(s.target, +b.value) }); $("segment").focus({ preventScroll: true }); };
    a.focus();
  };
  const merge = () => { leave(); cut({ op: "merge", id: segments[at].id, base: segments[at].rev }); };
  const search = async (words) => {
    $("words").value = words;
    if (!words) { $("words").focus(); return; }
    let d;
    try { d = await get("/api/concordance?q=" + encodeURIComponent(words)); } catch (err) { complain(err.message); return; }
    const light = (text) => { const i = text.toLowerCase().indexOf(words.toLowerCase()); return i < 0 ? [text] : [text.slice(0, i), make("mark", { class: "info" }, text.slice(i, i + words.length)), text.slice(i + words.length)]; };
    const list = d.matches || [];
    $("found").replaceChildren(...(list.length ? list.map((m) => make("li", {}, make("p", { class: "fr", lang: from }, ...light(m.source)), make("p", { class: "en", lang: to }, ...light(m.target)), make("small", {}, m.origin))) : [make("li", { class: "none" }, "Nothing found.")]));
  };

  // ---- keys and buttons -------------------------------------------------------
  const toggleKeys = () => { const k = $("keys"); k.hidden = !k.hidden; $("keys-button").setAttribute("aria-expanded", String(!k.hidden)); };
  const keys = { j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1), n: nextFinding, a: accept, e: () => openEditor(), Enter: () => openEditor(), g: suggestFirst, u: undo, c: comment, t: term, s: split, m: merge, o: () => search(chosen().text), "/": () => $("search").focus(), f: () => $("finding").focus(), "?": toggleKeys };
  document.addEventListener("keydown", (e) => {
    const field = e.target.closest("input, textarea, select");
    if (e.target === $("edit")) {
      if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) { e.preventDefault(); accept(); $("segment").focus({ preventScroll: true }); }
      else if (e.key === "Enter") e.preventDefault(); // a segment is one line
      else if (e.key === "Escape") { leave(); $("segment").focus({ preventScroll: true }); }
      return;
    }
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    if (field) { if (e.key === "Escape" && !e.target.closest("#panel")) { field.blur(); $("segment").focus({ preventScroll: true }); } return; }
    if (e.key === "Enter" && e.target.closest("button, a")) return;
    if (!segments.length) return;
    const run = keys[e.key] || (/^[1-9]$/.test(e.key) && (() => take(+e.key - 1)));
    if (run) { e.preventDefault(); run(); }
  });
  for (const [id, run] of Object.entries({ accept, "edit-button": () => openEditor(), undo, "comment-button": comment, split, merge, previous: () => step(-1), next: () => step(1), "keys-button": toggleKeys })) $(id).addEventListener("click", run);
  $("target").addEventListener("dblclick", () => openEditor());
  $("edit").addEventListener("input", drafting);
  for (const id of ["state", "finding"]) $(id).addEventListener("change", () => { leave(); filter(segments[at] && segments[at].id); });
  $("search").addEventListener("input", () => { leave(); filter(segments[at] && segments[at].id); });
  $("tools").addEventListener("submit", (e) => { e.preventDefault(); $("segment").focus(); });
  $("concordance").addEventListener("submit", (e) => { e.preventDefault(); search($("words").value.trim()); });
  addEventListener("beforeunload", (e) => {
    if (editing) post("/api/draft", { file, document: doc, id: segments[at].id, base: segments[at].rev, target: $("edit").value }, true).catch(() => {});
    if (queue.length || (editing && $("edit").value !== segments[at].target)) e.preventDefault();
  });

  // ---- events ---------------------------------------------------------------
  const listen = () => {
    const stream = new EventSource("/api/events");
    let broken = false;
    stream.onmessage = (m) => {
      const e = JSON.parse(m.data);
      if (e.error) { complain(e.error); return; }
      if (e.tab === tab) return;
      if (e.file === file && e.version > version) loadDocument().catch(() => {});
      else if (e.file !== file) loadFiles().catch(() => {});
    };
    stream.onerror = () => { broken = true; failed = "the connection is lost; trying again"; status(); };
    stream.onopen = () => { if (!broken) return; broken = false; failed = ""; status(); send(); loadFiles().then(() => loadDocument()).catch(() => {}); };
  };
  (async () => {
    try { // what a page that is gone could not send; the server does each request once
      for (const k of Object.keys(localStorage).filter((k) => k.startsWith("queue-"))) {
        queue.push(...JSON.parse(localStorage.getItem(k)));
        localStorage.removeItem(k);
      }
    } catch { queue = []; }
    try {
      await loadFiles();
      const first = files.find((f) => (f.documents || []).length);
      if (first) { file = first.index; await loadDocument(""); }
      status();
      listen();
      send();
      $("segment").focus({ preventScroll: true });
    } catch (err) { failed = err.message; status(); }
  })();
})();
