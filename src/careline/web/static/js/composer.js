// The place where a reply is written: kept as a draft, sent once, shown at once.
import { attach, list, tooHeavy } from "./composer-files.js";
import { ask, opened } from "./desk.js";
import { check, enveloped, restore, turn } from "./envelope.js";
import { setTimes } from "./time.js";

const drafts = "careline.draft.";

// A line arrives by answer and by socket; whichever comes second replaces the first.
export function insert(html) {
  const list = document.getElementById("messages");
  const shape = document.createElement("template");
  shape.innerHTML = html.trim();
  for (const line of shape.content.children) {
    const same = document.getElementById(line.id);
    const lines = [...list.querySelectorAll(":scope > [data-seq]")];
    if (same) same.replaceWith(line.cloneNode(true));
    else list.insertBefore(line.cloneNode(true), lines.find((l) => Number(l.dataset.seq) > Number(line.dataset.seq)) ?? null);
  }
  setTimes(list);
}

export function write(kind) {
  const form = document.getElementById("reply");
  const way = form?.querySelector(`[name=kind][value=${kind}]`);
  if (!way) return;
  way.checked = true;
  dress(form);
  form.querySelector("textarea").focus();
}

function dress(form) {
  form.classList.toggle("is-note", form.kind.value === "note");
  turn(form);
}

export function compose(form) {
  if (!form || form.dataset.ready) return;
  form.dataset.ready = "1";
  const id = opened().dataset.conversation;
  const text = form.querySelector("textarea");
  const kept = JSON.parse(localStorage.getItem(drafts + id) ?? "null");
  if (kept && !text.value) {
    text.value = kept.body;
    form.kind.value = kept.kind;
    turn(form);
    if (kept.client) form.client_id.value = form.dataset.tried = kept.client; // sent, but never answered
  }
  restore(form, kept?.envelope);
  dress(form);
  form.addEventListener("input", () => (keep(id, form), dress(form)));
  form.addEventListener("change", () => list(form));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(form, id);
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) form.requestSubmit();
  });
  text.addEventListener("paste", (event) => attach(form, event.clipboardData?.files));
  form.addEventListener("dragover", (event) => event.preventDefault());
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    attach(form, event.dataTransfer.files);
  });
}

// Words whose sending was never answered keep their key, edited too: had the first arrived, these are refused.
function keep(id, form) {
  const body = form.querySelector("textarea").value;
  const envelope = enveloped(form);
  const draft = { body, kind: form.kind.value, client: form.dataset.tried, envelope };
  if (body || envelope || form.kind.value === "forward") localStorage.setItem(drafts + id, JSON.stringify(draft));
  else localStorage.removeItem(drafts + id);
}

async function submit(form, id) {
  const text = form.querySelector("textarea");
  const state = form.querySelector("[role=status]");
  if (form.dataset.sending || (!text.value.trim() && !form.files.files.length && form.kind.value !== "forward") || tooHeavy(form)) return;
  form.dataset.sending = "1";
  form.dataset.tried = form.client_id.value;
  keep(id, form);
  state.textContent = "";
  let wrong;
  try {
    const body = new FormData(form);
    // Up to where whoever sends has read; what went by itself since then is told before anything is sent.
    body.set("seen", Math.max(opened()?.dataset.conversation === id ? opened().dataset.seq : 0, form.dataset.seen ?? 0));
    const answer = await ask(form.action, { method: "POST", body });
    const words = await answer.text();
    form.client_id.value = answer.headers.get("Next-Client-Id") ?? form.client_id.value;
    form.dataset.seen = answer.headers.get("Seen-Seq") ?? form.dataset.seen ?? 0;
    if (answer.ok || form.client_id.value !== form.dataset.tried) form.dataset.tried = "";
    if (!answer.ok) throw new Error(words.length < 400 ? words : "");
    const shape = document.createElement("template");
    shape.innerHTML = words;
    const sent = shape.content.getElementById("sent");
    localStorage.removeItem(drafts + id);
    form.reset();
    form.client_id.value = sent.dataset.client;
    turn(form);
    restore(form);
    list(form);
    dress(form);
    if (opened()?.dataset.conversation === id) insert(sent.innerHTML);
  } catch (error) {
    wrong = await check(form);
    state.textContent = error.message && error.name === "Error" ? error.message : form.dataset.unsent ?? "";
  } finally {
    delete form.dataset.sending;
    (wrong ?? text).focus();
  }
}
