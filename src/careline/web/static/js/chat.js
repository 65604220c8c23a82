// The customer's chat: what they write is kept until it is acknowledged, and shown again after a reload.
import { device, fresh, given, here, keep, names, store, waiting } from "./chat-kept.js";
import { list, put, wait } from "./chat-lines.js";

const page = document.getElementById("main");
const state = document.getElementById("chat-state");
const form = document.getElementById("say");
const text = form.querySelector("textarea");
const key = page.dataset.key;
let socket = null;
let [pause, alive, greeted] = [500, 0, false];

function send(frame) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
}

function listen() {
  greeted = false;
  socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/visitor/${key}`);
  socket.addEventListener("open", () => send({ type: "hello", visitor: store.get(names.visitor), identity: given.identity ?? null, page: here, device }));
  socket.addEventListener("message", (event) => take(JSON.parse(event.data)));
  socket.addEventListener("close", (event) => {
    clearInterval(alive);
    state.textContent = event.reason || state.dataset.away;
    if (event.code === 4403 || event.code === 4404) return;
    setTimeout(listen, pause * (0.5 + Math.random()));
    pause = Math.min(pause * 2, 15_000);
  });
}

function take(frame) {
  switch (frame.type) {
    case "welcome":
      pause = 500;
      store.set(names.visitor, frame.visitor);
      admit(true, state.dataset.here);
      // A fresh page and a line that came back ask the same: everything, drawn over what is there.
      send({ type: "resume", cursor: "0.0" });
      clearInterval(alive);
      alive = setInterval(() => send({ type: "ping" }), 25_000);
      break;
    case "resumed":
      for (const message of waiting) send({ type: "message", ...message });
      break;
    case "message":
      show(frame);
      break;
    case "ack":
      forget(frame.client_id);
      break;
    case "queue": return void (state.textContent = frame.words || state.dataset.here);
    case "gone":
      for (const line of list.querySelectorAll("[id^=message-]")) line.remove();
      break;
    case "reload":
      location.reload();
      break;
    case "error":
      if (!greeted) frame.retry ? socket.close() : admit(false, frame.error);
      else if (!frame.retry && frame.client_id) refuse(frame);
  }
}

// Not welcomed as who the page says they are: the server's sentence stands there, and nothing can be written.
function admit(yes, words) {
  [greeted, state.textContent] = [yes, words];
  for (const part of form.elements) part.disabled = !yes;
}

function show(frame) {
  if (frame.client_id) forget(frame.client_id);
  put(frame);
}

function forget(client) {
  const at = waiting.findIndex((message) => message.client_id === client);
  if (at >= 0) waiting.splice(at, 1);
  keep();
  document.getElementById(`unsent-${client}`)?.remove();
}

function refuse({ client_id: client, error }) {
  const words = waiting.find((message) => message.client_id === client)?.body ?? "";
  forget(client);
  document.getElementById("say-state").textContent = `${page.dataset.refused} ${error}`;
  text.value ||= words;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!text.value.trim()) return;
  const message = { client_id: fresh(), body: text.value };
  waiting.push(message);
  keep();
  wait(message);
  document.getElementById("say-state").textContent = "";
  text.value = "";
  send({ type: "message", ...message });
});
// One tap answers what we asked; it is kept like words until it is acknowledged.
list.addEventListener("click", (event) => {
  const choice = event.target.closest("[data-answer]");
  if (!choice) return;
  const question = choice.closest("article");
  for (const other of question.querySelectorAll("[data-answer]")) other.disabled = true;
  choice.setAttribute("aria-pressed", "true");
  const answer = { type: "answer", client_id: fresh(), message: question.id.slice(8), value: choice.dataset.answer };
  waiting.push(answer);
  keep();
  send(answer);
  // Whoever answers by keyboard goes on where they can write.
  if (event.detail === 0) text.focus();
});
text.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
});
waiting.forEach(wait);
listen();
