// Behaviour of the parts: dialogs that ask, boxes that copy, toasts that can be undone.
const TOAST = 10_000;

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-opens], [data-closes], [data-copies]");
  if (!button) return;
  if (button.dataset.opens) document.getElementById(button.dataset.opens)?.showModal();
  if ("closes" in button.dataset) button.closest("dialog")?.close();
  if (button.dataset.copies) copy(button);
});

async function copy(button) {
  const source = document.getElementById(button.dataset.copies);
  try {
    await navigator.clipboard.writeText(source.textContent);
    button.dataset.done = "";
  } catch {
    getSelection().selectAllChildren(source); // not allowed here: at least it is chosen for Ctrl-C
  }
}

// document.dispatchEvent(new CustomEvent("careline:toast", { detail: { words, act, undo } })); the server sends the same
// as HX-Trigger. `undo` is a function, or an address that takes a POST.
export function toast({ words, act = "", undo = null }) {
  const place = document.getElementById("toasts");
  const shape = document.getElementById("toast-shape");
  if (!place || !shape) return;
  const element = shape.content.firstElementChild.cloneNode(true);
  element.querySelector(".toast-words").textContent = words;
  const button = element.querySelector("button");
  if (act) {
    button.textContent = act;
    button.hidden = false;
    button.addEventListener("click", () => {
      element.remove();
      if (typeof undo === "function") undo();
      else if (undo) window.htmx?.ajax("POST", undo, { swap: "none" });
    });
  }
  let left = TOAST;
  let since = 0;
  let timer = 0;
  const run = () => {
    since = Date.now();
    timer = setTimeout(() => element.remove(), left);
  };
  const hold = () => {
    clearTimeout(timer);
    left -= Date.now() - since;
  };
  for (const [name, act] of [["mouseenter", hold], ["focusin", hold], ["mouseleave", run], ["focusout", run]]) {
    element.addEventListener(name, act);
  }
  place.append(element);
  run();
}

document.addEventListener("careline:toast", (event) => toast(event.detail));
