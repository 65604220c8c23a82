// Splitting and moving: a dialog for the message somebody points at. Without scripts the same form is a page.
import { ask, opened } from "./desk.js";

const box = () => document.getElementById("arranging");

export async function arrange(message = "") {
  const dialog = box();
  if (!dialog) return;
  const address = `/desk/${opened().dataset.conversation}/arranging?${new URLSearchParams({ message })}`;
  const answer = await ask(address).catch(() => null);
  if (dialog !== box()) return;
  if (!answer?.ok) return location.assign(address); // the page says in words what is wrong
  dialog.innerHTML = await answer.text();
  window.htmx.process(dialog);
  if (!dialog.open) dialog.showModal();
}

document.addEventListener("click", (event) => {
  const door = event.target.closest("[data-arranges]");
  if (!door || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  door.closest("[popover]")?.hidePopover();
  arrange(door.closest(".message")?.id.replace("message-", ""));
});

// The number is of the other conversation: writing it chooses that way.
document.addEventListener("input", (event) => {
  const way = event.target.id === "f-number" && event.target.form?.querySelector("[name=to][value=other]");
  if (way) way.checked = true;
});

document.addEventListener("careline:arranged", () => box()?.close());

// The way to it stands at a message as soon as somebody points at it; the menu and a key lead there too.
document.addEventListener("pointerover", (event) => {
  const by = event.target.closest?.("#messages .message")?.querySelector(".message-by");
  const shape = document.getElementById("arranges");
  if (!by || !shape || by.querySelector("[data-arranges]")) return;
  const door = shape.content.firstElementChild.cloneNode(true);
  const message = by.closest(".message").id.replace("message-", "");
  door.href = `/desk/${opened().dataset.conversation}/arranging?message=${message}`;
  by.append(door);
});
