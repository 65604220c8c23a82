// The desk: opens conversations in place and moves by key.
import { watch } from "./desk-live.js";
import { mark } from "./desk-list.js";
import { arrange } from "./desk-arrange.js";
import { answer } from "./at-work.js";
import { compose, write } from "./composer.js";

const desk = document.getElementById("desk");
const rows = document.getElementById("rows");
const empty = desk.querySelector(":scope > .empty")?.cloneNode(true);
const title = document.title.split(" – ").slice(-2).join(" – ");

export const opened = () => document.getElementById("thread");
const doors = () => [...rows.querySelectorAll(".row-door")];
const csrf = () => JSON.parse(document.body.getAttribute("hx-headers") ?? "{}");
export function ask(address, options = {}) {
  return fetch(address, { ...options, headers: { "HX-Request": "true", ...csrf(), ...options.headers } });
}

// Choosing another conversation draws only its thread and pane; the list stays where it is.
let asked = 0;
export async function open(address, { push = true } = {}) {
  const mine = ++asked;
  const bones = setTimeout(() => opened()?.setAttribute("aria-busy", "true"), 300);
  let answer;
  try {
    answer = await ask(address);
  } catch {
    answer = null;
  }
  clearTimeout(bones);
  if (mine !== asked) return;
  if (answer?.status === 401) return location.reload();
  if (!answer?.ok) return location.assign(address); // the page says in words what is wrong
  const shape = document.createElement("template");
  shape.innerHTML = await answer.text();
  for (const old of desk.querySelectorAll(":scope > .thread, :scope > .pane, :scope > .empty")) old.remove();
  desk.append(shape.content);
  desk.dataset.showing = "thread";
  if (push) history.pushState(null, "", address);
  settle();
}

// What a freshly drawn thread needs, however it was drawn.
export function settle() {
  const thread = opened();
  const id = thread?.dataset.conversation;
  mark();
  watch(id ?? null);
  if (!thread) return;
  document.title = `${thread.dataset.title} – ${title}`;
  for (const part of desk.querySelectorAll(":scope > .thread, :scope > .pane")) window.htmx.process(part);
  for (const list of desk.querySelectorAll(".pane-body")) list.scrollTop = list.scrollHeight;
  compose(document.getElementById("reply"));
  seen();
}

// The team has seen what stands on a visible screen.
export function seen() {
  const thread = opened();
  if (!thread || document.hidden) return;
  const row = document.getElementById(`conversation-${thread.dataset.conversation}`);
  if (row && !row.classList.contains("unread")) return;
  ask(`/desk/${thread.dataset.conversation}/seen`, {
    method: "POST",
    body: new URLSearchParams({ seq: thread.dataset.seq }),
  }).catch(() => {});
}

export function leave() {
  for (const old of desk.querySelectorAll(":scope > .thread, :scope > .pane")) old.remove();
  delete desk.dataset.showing;
  if (empty && !desk.querySelector(":scope > .empty")) desk.append(empty.cloneNode(true));
  settle();
}

desk.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const door = event.target.closest(".row-door, [data-back]");
  if (!door) return;
  event.preventDefault();
  if (door.matches("[data-back]")) {
    history.pushState(null, "", `/desk?view=${desk.dataset.view}`);
    leave();
  } else open(door.getAttribute("href"));
});

addEventListener("popstate", () => (/^\/desk\/\d+/.test(location.pathname) ? open(location.pathname, { push: false }) : leave()));
document.addEventListener("visibilitychange", seen);

function move(by) {
  const all = doors();
  const at = all.findIndex((door) => door.hasAttribute("aria-current"));
  const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
  if (!next) return;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  open(next.getAttribute("href"));
}

const keys = {
  j: () => move(1), k: () => move(-1),
  r: () => write("reply"), n: () => write("note"), f: () => write("forward"),
  t: () => document.getElementById("reply-to")?.focus(),
  g: () => document.querySelector("[data-greets]")?.click(),
  m: () => arrange(), w: () => document.getElementById("follow")?.click(),
  e: () => document.getElementById("resolve")?.click(),
  a: () => answer("accept"), x: () => answer("refuse"),
  "/": () => document.getElementById("search")?.focus(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape") return document.activeElement?.blur();
  if (event.target.closest("input, textarea, select, [contenteditable], dialog, [popover]")) return;
  const act = keys[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
});
