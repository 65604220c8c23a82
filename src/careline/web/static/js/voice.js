// A draft is held against the house's voice once the hand rests: marked under the words, told below them.
import { ask, opened } from "./desk.js";

const PAUSE = 500;
let due = 0;
let asked = 0;

const parts = () => {
  const form = document.getElementById("reply");
  return { form, text: form?.querySelector("textarea"), told: document.getElementById("voice"), under: document.getElementById("voice-under") };
};

async function look() {
  const { form, text, told } = parts();
  if (!told) return;
  const mine = ++asked;
  const [words, thread] = [text.value, opened()];
  let html = "";
  if (words.trim() && form.kind.value === "reply") {
    const answer = await ask(told.dataset.checks, { method: "POST", body: new URLSearchParams({ body: words }) }).catch(() => null);
    html = answer?.ok ? await answer.text() : ""; // whoever writes is never held up by it
  }
  // Meanwhile somebody wrote on, or what they wrote in is gone with its thread.
  if (mine !== asked || thread !== opened() || !told.isConnected || text.value !== words) return;
  if (told.dataset.html !== html) told.innerHTML = told.dataset.html = html;
  underline();
}

// The same words lie under the reply, unseen but for their marks.
function underline() {
  const { text, told, under } = parts();
  under.replaceChildren();
  let at = 0;
  for (const one of told.children) {
    under.append(text.value.slice(at, one.dataset.start));
    const mark = document.createElement("mark");
    mark.textContent = text.value.slice(one.dataset.start, one.dataset.end);
    under.append(mark);
    at = Number(one.dataset.end);
  }
  if (at) under.append(`${text.value.slice(at)}\n`);
  under.dir = getComputedStyle(text).direction;
  under.scrollTop = text.scrollTop;
}

document.addEventListener("input", (event) => {
  if (!event.target.closest?.("#reply")) return;
  document.getElementById("voice-under")?.replaceChildren();
  clearTimeout(due);
  due = setTimeout(look, PAUSE);
});
document.addEventListener("change", (event) => event.target.closest?.("#reply") && look());
document.addEventListener("reset", ({ target }) => target.id === "reply" && setTimeout(look));
document.addEventListener("scroll", ({ target }) => {
  if (target.id === "reply-text") parts().under.scrollTop = target.scrollTop;
}, true);

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-replaces], [data-shows]");
  if (!button) return;
  const { text } = parts();
  const { start, end } = button.closest(".voice-mark").dataset;
  text.focus();
  text.setSelectionRange(Number(start), Number(end));
  const instead = button.dataset.replaces;
  if (instead === undefined) return;
  // What is left out takes the space behind it along.
  if (!instead && /\s/.test(text.value[end] ?? "")) text.setSelectionRange(Number(start), Number(end) + 1);
  if (!document.execCommand(instead ? "insertText" : "delete", false, instead)) {
    text.setRangeText(instead, text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }
  clearTimeout(due);
  look();
});
