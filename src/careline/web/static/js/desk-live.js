// The desk's line to the server: rows and lines arrive as they happen; after a gap the desk draws itself afresh.
import { counts, place, redraw } from "./desk-list.js";
import { lines, missed } from "./desk-thread.js";
import { look, stirring } from "./at-work.js";
import { leave, opened } from "./desk.js";

const desk = document.getElementById("desk");
const banner = document.getElementById("offline");
let socket = null;
let cursor = desk.dataset.cursor;
let watched = null;
let pause = 500;
let fresh = true; // the page was just drawn; later connections cannot know what they missed
let silence = 0;

export function watch(id) {
  watched = id;
  send({ type: "watch", conversation: id, seq: id && Number(opened()?.dataset.seq ?? 0) });
}

function send(frame) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
}

export function listen() {
  socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/agent`);
  socket.addEventListener("message", (event) => take(JSON.parse(event.data)));
  socket.addEventListener("close", (event) => {
    clearInterval(silence);
    if (event.code === 4401) return location.assign(`/sign-in?next=${encodeURIComponent(location.pathname)}`);
    banner.hidden = false;
    setTimeout(listen, pause * (0.5 + Math.random()));
    pause = Math.min(pause * 2, 15_000);
  });
}

function take(frame) {
  switch (frame.type) {
    case "welcome":
      pause = 500;
      banner.hidden = true;
      send({ type: "watch", conversation: watched });
      if (fresh) send({ type: "resume", cursor, ...shown() });
      else afresh();
      fresh = false;
      send({ type: "active" });
      clearInterval(silence);
      silence = setInterval(() => send({ type: "ping" }), 25_000);
      break;
    case "conversation":
      cursor = frame.cursor;
      if (frame.html) place(frame);
      lines(frame);
      count();
      break;
    case "resumed":
      cursor = frame.cursor;
      for (const id of frame.gone) document.getElementById(`conversation-${id}`)?.remove();
      if (frame.gone.includes(watched)) leave();
      break;
    case "reload":
      afresh();
      break;
    case "behind":
      if (frame.conversation === opened()?.dataset.conversation) missed();
      break;
    case "at-work":
      look();
      break;
    case "counts":
      counts(frame);
  }
}

// What the page shows and the cursor cannot tell of: rows read meanwhile, and how far the open thread goes.
function shown() {
  const unread = [...document.querySelectorAll("#rows .row.unread")].map((row) => row.id.replace("conversation-", ""));
  return { unread, seq: Number(opened()?.dataset.seq ?? 0) };
}

// Everything as a fresh load would show it, without losing what is being written.
async function afresh() {
  await redraw();
  look();
  if (opened()) await missed();
}

stirring(send);

let counting = 0;
function count() {
  counting ||= setTimeout(() => {
    counting = 0;
    send({ type: "counts" });
  }, 400);
}
