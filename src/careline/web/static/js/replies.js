// Saved replies: looked through by name and words, put into the reply by Enter or a press.
import { ask } from "./desk.js";
import { put } from "./suggestions.js";

const box = () => document.getElementById("replies");
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const rows = () => [...box().querySelectorAll("[role=option]")];
const seen = () => rows().filter((row) => !row.hidden);

async function open(url) {
  const dialog = box();
  if (!dialog || dialog.open) return;
  const answer = await ask(url);
  if (!answer.ok || dialog !== box()) return;
  dialog.innerHTML = await answer.text();
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("input")?.focus();
  choose(seen()[0]);
}

function choose(row) {
  for (const one of rows()) one.setAttribute("aria-selected", String(one === row));
  box().querySelector("input")?.setAttribute("aria-activedescendant", row?.id ?? "");
  row?.scrollIntoView({ block: "nearest" });
}

const chosen = () => seen().find((row) => row.getAttribute("aria-selected") === "true");

function take(row) {
  if (!row) return;
  box().close();
  put(row);
}

function narrow(words) {
  const parts = plain(words).split(/\s+/).filter(Boolean);
  for (const row of rows()) {
    const held = plain(`${row.textContent} ${row.dataset.words}`);
    row.hidden = !parts.every((part) => held.includes(part));
  }
  const none = document.getElementById("replies-none");
  none.textContent = seen().length ? "" : none.dataset.none;
  choose(seen()[0]);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-replies]");
  if (button) open(button.dataset.replies);
  else take(event.target.closest("#replies [role=option]"));
});

document.addEventListener("input", ({ target }) => {
  if (target.id === "replies-search") narrow(target.value);
});

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const { target, key } = event;
  if (target.id === "reply-text" && key === "/" && !target.value && target.form.kind.value === "reply") {
    const button = document.querySelector("[data-replies]");
    if (!button) return;
    event.preventDefault();
    open(button.dataset.replies);
  } else if (target.id === "replies-search") {
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (step) {
      const all = seen();
      choose(all[(all.indexOf(chosen()) + step + all.length) % all.length]);
    } else if (key === "Enter") take(chosen());
    if (step || key === "Enter") event.preventDefault();
  }
});
