// A customer's page: what happens meanwhile comes in without moving what is being read; keys for moving about.
const line = document.getElementById("line");
const news = document.getElementById("line-news");
const moments = () => [...document.querySelectorAll("#moments ol.line > li")];
let pause = 500;

function listen() {
  const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/agent`);
  const tell = (frame) => socket.readyState === WebSocket.OPEN && socket.send(JSON.stringify(frame));
  const ping = setInterval(() => tell({ type: "ping" }), 25_000);
  const watch = () => tell({ type: "watch", customer: line.dataset.customer });
  socket.addEventListener("message", async (event) => {
    const { type } = JSON.parse(event.data);
    if (type === "welcome") {
      pause = 500;
      watch();
    }
    // What came between the page's drawing and the watch, or while the line was lost, is drawn then.
    if (["watching", "line", "reload"].includes(type)) await afresh();
    if (type === "reload") watch();
  });
  socket.addEventListener("close", (event) => {
    clearInterval(ping);
    if (event.code === 4401) return; // not for this role; the page stays as it is
    setTimeout(listen, pause * (0.5 + Math.random()));
    pause = Math.min(pause * 2, 15_000);
  });
}

let drawing = null;
let again = false;
function afresh() {
  if (drawing) again = true;
  drawing ??= draw().finally(() => {
    drawing = null;
    if (again) afresh();
    again = false;
  });
  return drawing;
}

async function draw() {
  const address = line.dataset.fresh || `/customers/${line.dataset.customer}/moments`;
  let answer;
  try {
    answer = await fetch(address);
  } catch {
    return; // the socket comes back, and then it is asked again
  }
  if (!answer.ok) return;
  const shape = document.createElement("template");
  shape.innerHTML = await answer.text();
  const fresh = shape.content.getElementById("moments");
  if (!fresh) return;
  if (!line.dataset.fresh) return tellOf(fresh);
  const curve = shape.content.getElementById("curve");
  if (put(fresh) && curve) document.getElementById("curve").replaceWith(curve);
}

// On a page of older moments it is only said that there are newer ones.
let newest = null;
function tellOf(fresh) {
  const first = fresh.querySelector("ol.line > li")?.id ?? "";
  if (newest !== null && first !== newest) news.hidden = false;
  newest ??= first;
}

// The same moments stay where the reader has them, with what was unfolded and where the focus was.
function put(fresh) {
  const plain = (element) => element.innerHTML.replace(/<time[^>]*>[^<]*/g, "");
  const old = document.getElementById("moments");
  if (plain(old) === plain(fresh)) return false;
  const kept = moments().find((one) => one.getBoundingClientRect().bottom > 0 && fresh.querySelector(`#${one.id}`));
  const before = kept?.getBoundingClientRect().top;
  const reading = before !== undefined && line.getBoundingClientRect().top < 0;
  const unfolded = [...old.querySelectorAll("details[open]")].map((one) => one.closest("li").id);
  const held = document.activeElement?.closest("#moments li")?.id;
  old.replaceWith(fresh);
  for (const id of unfolded) document.querySelector(`#${id} details`)?.setAttribute("open", "");
  if (held) focus(document.getElementById(held));
  if (reading) scroller().scrollTop += document.getElementById(kept.id).getBoundingClientRect().top - before;
  return true;
}

function scroller() {
  const page = line.closest("main");
  return page && page.scrollHeight > page.clientHeight && getComputedStyle(page).overflowY !== "visible" ? page : document.scrollingElement;
}

function focus(moment) {
  if (!moment) return;
  moment.tabIndex = -1;
  moment.focus({ preventScroll: true });
}

function move(by) {
  const all = moments();
  const at = all.findIndex((one) => one.contains(document.activeElement));
  const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
  focus(next);
  next?.scrollIntoView({ block: "nearest" });
}

const keys = {
  j: () => move(1),
  k: () => move(-1),
  d: () => document.getElementById("day")?.focus(),
  a: () => document.querySelector("#adding > summary")?.click(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input, textarea, select, [contenteditable], dialog")) return;
  const act = keys[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
});

listen();
