"use strict";
// Light or dark, search, copying, folding. Without this script the pages lose only these.

// --- light or dark: before the page is drawn ------------------------------------------------------

const root = document.documentElement;

function remembered() {
  try { return localStorage.getItem("theme"); } catch { return null; }
}

function remember(theme) {
  try { localStorage.setItem("theme", theme); } catch { /* a browser that keeps nothing */ }
}

function isDark() {
  return (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
}

if (["light", "dark"].includes(remembered())) root.dataset.theme = remembered();

function startTheme(button) {
  const show = () => button.setAttribute("aria-pressed", String(isDark()));
  button.hidden = false;
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    remember(root.dataset.theme);
    show();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
  show();
}

// --- copying ----------------------------------------------------------------------------------------

function say(text) {
  document.getElementById("said").textContent = text;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text) {
  const field = document.createElement("textarea");
  const before = document.activeElement;
  field.value = text;
  field.className = "unseen";
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  if (before) before.focus();
  return done;
}

function copyButton(words, what, text) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = words;
  button.setAttribute("aria-label", `Copy ${what}`);
  button.title = `Copy ${what}`;
  button.addEventListener("click", async () => {
    const done = await copy(text);
    say(done ? `Copied ${what}` : "This browser does not let the page copy");
    button.dataset.done = done ? "yes" : "no";
    setTimeout(() => delete button.dataset.done, 1500);
  });
  return button;
}

function startCopying() {
  for (const line of document.querySelectorAll(".lines > li")) {
    const number = line.querySelector(".number").textContent;
    line.append(copyButton("", `the LaTeX of line ${number}`, line.dataset.latex));
  }
  for (const result of document.querySelectorAll(".result[data-latex]")) {
    result.append(copyButton("Copy LaTeX", "the LaTeX of the result", result.dataset.latex));
  }
  for (const code of document.querySelectorAll(".code")) {
    code.prepend(copyButton("Copy", code.dataset.copies, code.querySelector("pre").textContent));
  }
}

// --- folding, and formulas that shrink a little before they scroll ----------------------------------

function startFolding(button) {
  const reasons = [...document.querySelectorAll("details.why")];
  if (!reasons.length) return;
  const show = () => {
    const open = reasons.every((r) => r.open);
    button.setAttribute("aria-pressed", String(open));
    button.textContent = open ? "Close all reasons" : "Open all reasons";
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    const open = !reasons.every((r) => r.open);
    for (const reason of reasons) reason.open = open;
    show();
  });
  for (const reason of reasons) reason.addEventListener("toggle", show);
}

// The width of a formula in its own letters; the style sheet makes of it a size that fits.
function measure(formulas) {
  const found = [...formulas].map((math) => {
    const size = parseFloat(getComputedStyle(math).fontSize);
    return [math, math.getBoundingClientRect().width / size];
  });
  for (const [math, ems] of found) {
    if (ems) math.parentElement.style.setProperty("--ems", (ems + 0.3).toFixed(2));
  }
}

function startMeasuring() {
  const all = document.querySelectorAll(".formula > math");
  document.fonts.ready.then(() => measure(all));
  for (const fold of document.querySelectorAll("details")) {
    fold.addEventListener("toggle", () => measure(fold.querySelectorAll(".formula > math")));
  }
  const opened = [];
  addEventListener("beforeprint", () => {
    opened.push(...document.querySelectorAll("details:not([open])"));
    for (const fold of opened) fold.open = true;
    measure(all);
  });
  addEventListener("afterprint", () => {
    for (const fold of opened.splice(0)) fold.open = false;
  });
}

// --- search -------------------------------------------------------------------------------------------

const SHOWN = 12;
let index = null;

// One alphabet for what is typed and what is found: no capitals, accents or small letters.
function plain(text) {
  return text.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, "").replace(/[−‐-–]/g, "-");
}

// A script instead of a request, so that it works on files too.
function loadIndex() {
  index ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = "search-index.js";
    script.onload = () => done(window.searchIndex.map(prepared));
    script.onerror = failed;
    document.head.append(script);
  });
  return index;
}

function prepared(entry) {
  const fields = [
    [10, entry.title], [6, entry.words], [4, entry.topic], [3, entry.formula], [2, entry.statement],
  ];
  return { ...entry, fields: fields.map(([weight, text]) => [weight, " " + plain(text)]) };
}

// How well an entry answers: each word must stand in it, best at the start of a word of the title.
function score(entry, words) {
  let total = 0;
  for (const word of words) {
    let best = 0;
    for (const [weight, text] of entry.fields) {
      const at = text.indexOf(word);
      if (at < 0) continue;
      const starts = text.includes(" " + word) || text.includes("-" + word) || text.includes("_" + word);
      best = Math.max(best, starts ? 2 * weight : weight);
    }
    if (!best) return 0;
    total += best;
  }
  return total;
}

function find(entries, query) {
  const words = plain(query).split(/\s+/).filter(Boolean);
  return entries
    .map((entry) => ({ entry, points: words.length ? score(entry, words) : 0 }))
    .filter((one) => one.points > 0)
    .sort((a, b) => b.points - a.points)
    .map((one) => one.entry);
}

function element(kind, className, text) {
  const made = document.createElement(kind);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

function resultLink(entry) {
  const link = element("a", "", "");
  link.href = entry.href;
  link.append(element("strong", "", entry.title), element("span", "kind", entry.topic));
  if (entry.formula) link.append(element("span", "plain", entry.formula));
  link.append(element("span", "says", entry.statement));
  return link;
}

function showResults(box, query, results) {
  box.replaceChildren();
  box.hidden = !query.trim();
  if (box.hidden) return say("");
  if (!results.length) {
    const none = element("p", "none", `Nothing has “${query.trim()}” in its title, statement or formula. `);
    const all = element("a", "", "All derivations");
    all.href = "index.html";
    none.append(all);
    box.append(none);
    return say("No results");
  }
  const list = document.createElement("ul");
  for (const entry of results.slice(0, SHOWN)) {
    const item = document.createElement("li");
    item.append(resultLink(entry));
    list.append(item);
  }
  box.append(list);
  const rest = results.length - SHOWN;
  if (rest > 0) box.append(element("p", "none", `and ${rest} more: another word narrows it down`));
  say(results.length === 1 ? "1 result" : `${results.length} results`);
}

function startSearch(form) {
  const field = form.querySelector("input");
  const box = document.getElementById("found");
  form.hidden = false;

  async function search() {
    const entries = await loadIndex();
    showResults(box, field.value, find(entries, field.value));
  }
  function close() {
    box.hidden = true;
  }
  function move(event) {
    const stops = [field, ...box.querySelectorAll("a")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") {
      if (document.activeElement !== field) field.focus();
      close();
    } else if (step && box.hidden) {
      search();
    } else if (step) {
      const next = stops[stops.indexOf(document.activeElement) + step];
      if (next) next.focus();
      event.preventDefault();
    }
  }
  field.addEventListener("focus", loadIndex);
  field.addEventListener("input", search);
  form.addEventListener("keydown", move);
  form.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !form.contains(event.relatedTarget)) close();
  });
  document.addEventListener("click", (event) => { if (!form.contains(event.target)) close(); });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await search();
    box.querySelector("a")?.click();
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    field.focus();
  });
}

// ------------------------------------------------------------------------------------------------------

document.addEventListener("DOMContentLoaded", () => {
  startTheme(document.querySelector("button.theme"));
  startSearch(document.querySelector("form.search"));
  startCopying();
  const unfold = document.querySelector("button.unfold");
  if (unfold) startFolding(unfold);
  startMeasuring();
});
