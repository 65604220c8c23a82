// The live board: parts are put in as they change, waits are counted on here, and what is not live says so.
const stale = document.getElementById("board-stale");
const clock = document.getElementById("board-clock");
let pause = 500;
let heard = Date.now();

function listen() {
  const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/agent`);
  const tell = (frame) => socket.readyState === WebSocket.OPEN && socket.send(JSON.stringify(frame));
  const ping = setInterval(() => tell({ type: "ping" }), 10_000);
  socket.addEventListener("message", (event) => {
    const frame = JSON.parse(event.data);
    heard = Date.now();
    stale.hidden = true;
    if (frame.type === "welcome" || frame.type === "reload") {
      pause = 500;
      tell({ type: "watch", board: true });
    }
    if (frame.type === "board") draw(frame);
  });
  socket.addEventListener("close", (event) => {
    clearInterval(ping);
    if (event.code === 4401) return location.assign(`/sign-in?next=${encodeURIComponent(location.pathname)}`);
    stale.hidden = false;
    setTimeout(listen, pause * (0.5 + Math.random()));
    pause = Math.min(pause * 2, 15_000);
  });
}

function draw(frame) {
  const fresh = {};
  for (const [id, html] of Object.entries(frame.parts)) {
    const shape = document.createElement("template");
    shape.innerHTML = html;
    const part = shape.content.getElementById(id);
    fresh[id] = part;
    const old = document.getElementById(id);
    if (!old) continue;
    // Whoever stands on a link stays there.
    const held = document.activeElement?.closest(`#${CSS.escape(id)} a`)?.getAttribute("href");
    old.replaceWith(part);
    if (held) part.querySelector(`a[href="${CSS.escape(held)}"]`)?.focus({ preventScroll: true });
  }
  for (const list of ["board-queues", "board-people"]) order(document.getElementById(list), frame[list], fresh);
  clock.dateTime = stale.querySelector("time").dateTime = frame.at;
  clock.textContent = stale.querySelector("time").textContent = "";
  count();
}

function order(list, ids, fresh) {
  const now = [...list.children].map((one) => one.id);
  if (now.join() === ids.join()) return;
  list.replaceChildren(...ids.map((id) => fresh[id] ?? document.getElementById(id)).filter(Boolean));
}

// 4:40, and from an hour on 1:04:40.
function count() {
  for (const time of document.querySelectorAll("time[data-waits]")) {
    const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(time.dateTime)) / 1000));
    const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    if (!parts[0]) parts.shift();
    const words = parts.map((part, n) => (n ? String(part).padStart(2, "0") : part)).join(":");
    if (time.textContent !== words) time.textContent = words;
  }
  if (Date.now() - heard > 30_000) stale.hidden = false;
}

setInterval(count, 1000);
count();
listen();
