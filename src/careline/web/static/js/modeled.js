// What a language model does beside the reply: drafts, other words, other languages. Whatever it does not, is said in a word.
import { ask, opened } from "./desk.js";
import { stand } from "./at-message.js";

async function made(address, given = {}) {
  const answer = await ask(address, { method: "POST", body: new URLSearchParams(given) }).catch(() => null);
  const shape = document.createElement("template");
  shape.innerHTML = answer?.ok ? await answer.text() : "";
  return shape.content.firstElementChild;
}

async function word(how, button) {
  const text = document.getElementById("reply-text");
  const state = document.getElementById("reply-state");
  const thread = opened();
  const before = text.value;
  button.closest("[popover]")?.hidePopover();
  state.textContent = button.dataset.waits;
  const found = await made(`/desk/${thread.dataset.conversation}/drafts`, { how, body: before });
  if (thread !== opened()) return;
  state.replaceChildren(...(found ? [found] : []));
  const words = found?.dataset.words;
  if (words === undefined || text.value !== before) return; // who wrote on meanwhile keeps what they wrote
  text.focus();
  text.select();
  if (!document.execCommand("insertText", false, words)) {
    text.value = words;
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

async function translate(message) {
  const there = message.querySelector(".worded:not(.meant-here)");
  if (there) return there.remove();
  const id = message.id.replace("message-", "");
  const found = await made(`/desk/${opened().dataset.conversation}/messages/${id}/translation`);
  if (found) message.querySelector(".message-text").append(found);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-words-how]");
  if (button) word(button.dataset.wordsHow, button);
  const door = event.target.closest("[data-translates]");
  if (door) translate(door.closest(".message"));
});

stand("translates", ".message");

// By key: the customer's last message.
document.addEventListener("keydown", (event) => {
  if (event.key !== "l" || event.ctrlKey || event.metaKey || event.altKey || !document.getElementById("translates")) return;
  if (event.target.closest("input, textarea, select, [contenteditable], dialog, [popover]")) return;
  const last = [...document.querySelectorAll("#messages .message.incoming")].at(-1);
  if (last) translate(last);
});
