// Suggested replies: put into the reply by a press or a key, never sent by themselves.
import { write } from "./composer.js";

const shown = () => [...document.querySelectorAll("#suggestions:not([hidden]) [data-words]")];

export function put(one) {
  if (!one) return false;
  const form = document.getElementById("reply");
  if (form.kind.value !== "forward") write("reply");
  const text = document.getElementById("reply-text");
  const words = one.dataset.words;
  text.focus();
  const before = text.value.slice(0, text.selectionStart);
  const gap = !before.trim() || before.endsWith("\n") ? "" : "\n\n";
  // As if typed, so that the browser's own undo takes it back.
  if (!document.execCommand("insertText", false, gap + words)) {
    text.setRangeText(gap + words, text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }
  for (const [name, value] of [["put", one.dataset.mark], ["put_words", words]]) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  text.scrollTop = text.scrollHeight;
  return true;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-puts]");
  if (button) put(button.closest("[data-words]"));
});

// Tab takes the first into a reply that is still empty; anywhere else it moves on as it always does.
document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const inReply = event.target.id === "reply-text";
  const number = /^Digit([123])$/.exec(event.code)?.[1];
  let taken = false;
  if (inReply && event.key === "Tab" && !event.altKey) {
    if (!event.target.value.trim() && event.target.form.kind.value === "reply") taken = put(shown()[0]);
  } else if (number && (inReply ? event.altKey : !event.altKey && !event.target.closest("input, textarea, select, [contenteditable], dialog, [popover]"))) {
    taken = put(shown()[number - 1]);
  }
  if (taken) event.preventDefault();
});

// What was put into a reply that went, or was thrown away, is not of the next one.
document.addEventListener("reset", ({ target }) => {
  if (target.id === "reply") for (const one of target.querySelectorAll("[name=put], [name=put_words]")) one.remove();
});

document.addEventListener("htmx:afterSwap", () => {
  const said = document.getElementById("suggestions-said");
  const now = document.getElementById("suggestions")?.dataset.said ?? "";
  if (said && said.textContent !== now) said.textContent = now;
});
