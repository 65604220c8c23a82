// What can be done with one message: its doors stand at it as soon as somebody points at it or comes to it by keyboard.
import { ask, opened } from "./desk.js";

const doors = [];

// The door is the content of the template of that id, where the page has one; `who` says at which messages.
export function stand(id, who, settle = () => {}) {
  doors.push({ id, who, settle });
}

function offer(event) {
  const message = event.target.closest?.("#messages .message");
  const by = message?.querySelector(".message-by");
  if (!by) return;
  for (const { id, who, settle } of doors) {
    const shape = message.matches(who) && document.getElementById(id);
    if (!shape || by.querySelector(`[data-${id}]`)) continue;
    const door = shape.content.firstElementChild.cloneNode(true);
    settle(door, message);
    by.append(door);
  }
}
document.addEventListener("pointerover", offer);
document.addEventListener("focusin", offer);

// What a message was about: whether the bot was right, and its words as a phrasing.
stand("means", ".message.incoming");

async function mean(message) {
  const there = message.querySelector(".meant-here");
  if (there) return there.remove();
  const id = message.id.replace("message-", "");
  const answer = await ask(`/desk/${opened().dataset.conversation}/messages/${id}/meaning`).catch(() => null);
  if (!answer?.ok || message.querySelector(".meant-here")) return;
  const shape = document.createElement("template");
  shape.innerHTML = await answer.text();
  const found = shape.content.firstElementChild;
  message.querySelector(".message-text").append(found);
  window.htmx.process(found);
  found.scrollIntoView({ block: "nearest" });
  found.querySelector("select, button")?.focus();
}

document.addEventListener("click", (event) => {
  const door = event.target.closest("[data-means]");
  if (door) mean(door.closest(".message"));
});
