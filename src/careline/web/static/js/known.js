// What we know, beside the reply: drawn again when the talk goes on; a draft that asks for what was given is told so.
import { write } from "./composer.js";
import { ask } from "./desk.js";
import { setTimes } from "./time.js";

const PAUSE = 500;
let due = 0;
let asked = 0;

export function refresh() {
  const strip = document.getElementById("known");
  if (strip) window.htmx.trigger(strip, "refresh");
}

// What the draft asks for is looked at once the hand rests.
function look() {
  clearTimeout(due);
  due = setTimeout(check, PAUSE);
}

async function check() {
  const [place, form] = [document.getElementById("asked-again"), document.getElementById("reply")];
  if (!place || !form) return;
  const body = form.querySelector("textarea").value;
  const mine = ++asked;
  const empty = !body.trim() || form.kind.value !== "reply";
  if (empty) return place.childElementCount ? place.replaceChildren() : undefined;
  let answer;
  try {
    answer = await ask(place.dataset.checks, { method: "POST", body: new URLSearchParams({ body, kind: "reply" }) });
  } catch {
    return; // a warning that cannot be had keeps nobody from writing
  }
  if (!answer.ok || mine !== asked || !place.isConnected) return;
  const words = (await answer.text()).trim();
  // Said once and not at every letter: the same words stay as they are.
  if (place.dataset.said === words && place.childElementCount) return;
  place.dataset.said = words;
  place.innerHTML = words;
  setTimes(place);
}

// What may be done next, where it is written: the box is taken, or a sentence put before what stands in it.
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-writes], [data-inserts]");
  if (!button) return;
  write("reply");
  const text = document.getElementById("reply-text");
  const { inserts } = button.dataset;
  if (!text || !inserts || text.value.includes(inserts)) return;
  text.value = [inserts, text.value].filter(Boolean).join("\n\n");
  text.dispatchEvent(new Event("input", { bubbles: true }));
});

document.addEventListener("input", (event) => event.target.closest("#reply") && look());
document.addEventListener("change", (event) => event.target.closest("#reply") && look());
// The strip is there: what was written before is looked at too.
document.addEventListener("htmx:load", ({ target }) => target.id === "known" && look());
