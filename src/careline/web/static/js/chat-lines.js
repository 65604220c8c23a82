// The lines of the chat: those that stand in the thread, and those that are still on their way.
import { settle } from "./chat-bot.js";

export const list = document.getElementById("messages");

export function put({ id, seq, html, bot, leaves, offers }) {
  const shape = document.createElement("template");
  shape.innerHTML = html.trim();
  const line = shape.content.firstElementChild;
  const same = document.getElementById(`message-${id}`);
  line.dataset.seq = seq;
  if (bot) line.dataset.bot = leaves ? "leaves" : "stays";
  if (offers) line.querySelector(".message-text").insertAdjacentHTML("beforeend", offers);
  if (same) same.replaceWith(line);
  else list.insertBefore(line, [...list.querySelectorAll("[data-seq]")].find((l) => Number(l.dataset.seq) > seq) ?? null);
  settle();
  parent !== window && parent.postMessage({ careline: "message", kind: line.className }, "*");
}

export function wait(message) {
  if (message.type === "answer") return;
  const line = document.getElementById("unsent").content.firstElementChild.cloneNode(true);
  line.id = `unsent-${message.client_id}`;
  line.querySelector(".body").textContent = message.body;
  list.append(line);
}
