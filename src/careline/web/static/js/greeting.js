// A greeting by name is put before what is being written, once.
import { write } from "./composer.js";

document.addEventListener("click", (event) => {
  const greeting = event.target.closest("[data-greets]")?.dataset.greets;
  if (!greeting) return;
  write("reply");
  const text = document.getElementById("reply-text");
  if (!text.value.startsWith(greeting)) {
    text.value = `${greeting}\n\n${text.value}`;
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }
  text.setSelectionRange(text.value.length, text.value.length);
});
