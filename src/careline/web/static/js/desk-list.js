// The list: rows go where their time puts them, in this view or out of it; counts stand beside the views.
import { ask, opened } from "./desk.js";

const desk = document.getElementById("desk");
const rows = document.getElementById("rows");

// A row that is pressed stays until it is let go: the click on one that was replaced meanwhile would reach nobody.
let held = null;
rows.addEventListener("pointerdown", () => (held ??= []));
for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => setTimeout(release, 50));
function release() {
  const waiting = held ?? [];
  held = null;
  for (const go of waiting) go();
}

export async function redraw() {
  const many = Math.max(50, rows.querySelectorAll(".row").length);
  const [list, tabs] = await Promise.all([
    ask(`/desk/rows?view=${desk.dataset.view}&limit=${Math.min(many, 200)}`),
    ask(`/desk/tabs?view=${desk.dataset.view}`),
  ]);
  if (list.status === 401) return location.reload();
  const [drawn, counted] = [await list.text(), await tabs.text()];
  if (held) return new Promise((go) => held.push(go)).then(redraw); // what was drawn is older than what waits
  if (list.ok) rows.innerHTML = drawn;
  if (tabs.ok) document.getElementById("tabs").outerHTML = counted;
  window.htmx.process(rows);
  mark();
}

export function mark() {
  const id = opened()?.dataset.conversation;
  for (const door of rows.querySelectorAll(".row-door")) {
    if (door.getAttribute("href") === `/desk/${id}`) door.setAttribute("aria-current", "true");
    else door.removeAttribute("aria-current");
  }
}

const belongs = {
  mine: (frame) => frame.state === "open" && frame.assignee === desk.dataset.me,
  unassigned: (frame) => frame.state === "open" && frame.assignee === null,
  all: (frame) => frame.state === "open",
  followed: (frame) => frame.state === "open" && Boolean(document.getElementById(`conversation-${frame.conversation}`)),
  promised: (frame) => /^<li[^>]* data-due/.test(frame.html.trim()),
  risk: (frame) => /^<li[^>]* data-pledge="[^"]/.test(frame.html.trim()),
  recovery: (frame) => /^<li[^>]* data-marked/.test(frame.html.trim()),
};
document.addEventListener("htmx:afterRequest", (event) => desk.dataset.view === "followed" && event.target.closest("#talk-people") && redraw());

// The order of the list: the newest first, and of two at one instant the higher number; by deadline the other way round.
const byDeadline = ["promised", "risk"].includes(desk.dataset.view);
function follows(one, other) {
  if (byDeadline) [one, other] = [other, one];
  const [at, than] = byDeadline ? [one.dataset.due ?? one.dataset.at, other.dataset.due ?? other.dataset.at] : [one.dataset.at, other.dataset.at];
  return at === than ? Number(one.dataset.number) < Number(other.dataset.number) : at < than;
}

export function place(frame) {
  if (held) return held.push(() => place(frame));
  const old = document.getElementById(`conversation-${frame.conversation}`);
  const here = (belongs[desk.dataset.view] ?? ((f) => f.state === desk.dataset.view))(frame);
  const focused = old?.contains(document.activeElement);
  old?.remove();
  if (!here) return;
  const shape = document.createElement("template");
  shape.innerHTML = frame.html.trim();
  const row = shape.content.firstElementChild;
  const older = document.getElementById("rows-older");
  if (older && follows(row, older)) return; // it stands on a page that is not here yet
  document.getElementById("rows-empty")?.remove();
  const next = [...rows.querySelectorAll(".row")].find((other) => follows(other, row));
  rows.insertBefore(row, next ?? older);
  mark();
  if (focused) row.querySelector("a").focus({ preventScroll: true });
}

export function counts(frame) {
  for (const [name, number] of Object.entries(frame)) {
    const place = document.querySelector(`#tabs [data-tab="${name}"] .num`);
    if (place) place.textContent = number;
  }
}
