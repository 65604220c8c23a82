// The open thread: lines in their order, and what was missed brought up to date.
import { ask, leave, opened, seen } from "./desk.js";
import { insert } from "./composer.js";
import { refresh } from "./known.js";
import { setTimes } from "./time.js";

let due = 0;

// Lines of the open thread, in their order; a number left out, or one without its line, means one was missed.
export function lines(frame) {
  const thread = opened();
  if (frame.conversation !== thread?.dataset.conversation) return;
  const have = Number(thread.dataset.seq);
  if (frame.replayed ? frame.seq >= have : frame.seq > have + (frame.line ? 1 : 0)) return missed();
  if (frame.line) insert(frame.line);
  thread.dataset.seq = Math.max(have, frame.seq);
  if (frame.unread) seen();
  clearTimeout(due);
  due = setTimeout(around, 300);
}

export async function missed() {
  const thread = opened();
  const answer = await ask(`/desk/${thread.dataset.conversation}`);
  if (thread !== opened()) return;
  if (answer.status === 404) return leave();
  const shape = document.createElement("template");
  shape.innerHTML = await answer.text();
  const drawn = shape.content.getElementById("thread");
  thread.dataset.seq = drawn.dataset.seq;
  swap(shape.content, "messages", "thread-head", "recovery", "pane", "envelope");
  said();
  refresh();
  seen();
}

// Head and pane tell of the same change; they are drawn once the lines have settled.
async function around() {
  const thread = opened();
  if (!thread) return;
  const answer = await ask(`/desk/${thread.dataset.conversation}`);
  if (!answer.ok || thread !== opened()) return;
  const shape = document.createElement("template");
  shape.innerHTML = await answer.text();
  swap(shape.content, "thread-head", "recovery", "pane", "envelope");
  said();
  refresh();
}

// Words came in or went: what might be answered to them is looked for anew.
const said = () => document.body.dispatchEvent(new Event("said"));

function swap(from, ...ids) {
  for (const id of ids) {
    const there = from.getElementById(id);
    const here = document.getElementById(id);
    // What somebody is filling in, or has just asked for, stays as it is until it is kept or left.
    if (!there || !here || here.querySelector("[data-editing], .copy-more[open], .recovery-form[open], .htmx-request") || there.isEqualNode(here)) continue;
    if (id === "envelope" && here.contains(document.activeElement)) continue; // somebody is in it
    here.replaceWith(there);
    window.htmx.process(there);
    setTimes(there);
    for (const list of there.querySelectorAll(".pane-body")) list.scrollTop = list.scrollHeight;
  }
}

// Where the pane has no room, what is asked before an end is a page of its own.
document.addEventListener("htmx:afterSwap", ({ target }) => {
  if (target.id === "talk-facts" && target.dataset.page && target.offsetParent === null) location.assign(target.dataset.page);
});
