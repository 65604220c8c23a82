// Splitting and moving: a dialog for the message somebody points at. Without scripts the same form is a page.
import { ask, opened } from "./desk.js";
import { stand } from "./at-message.js";

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

stand("arranges", ".message", (door, message) => {
  door.href = `/desk/${opened().dataset.conversation}/arranging?message=${message.id.replace("message-", "")}`;
});
