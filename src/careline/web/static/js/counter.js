// A survey on a tablet: one document for as long as it stands there. Pages are fetched into it, so that a line that is
// away for a while leaves nobody before an error; answers wait on the tablet until it is back.
const KEY = "careline.counter";
const FIRST = location.pathname + location.search;
const first = document.getElementById("main").outerHTML;
const spare = JSON.parse(document.getElementById("main").dataset.spare || "[]");
let [timer, sending] = [0, false];

function waiting() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "[]");
  } catch {
    return [];
  }
}

function keep(entries) {
  try {
    localStorage.setItem(KEY, JSON.stringify(entries));
  } catch {
    // Full or forbidden: this one is lost, the next can still be asked.
  }
}

function show(html) {
  clearTimeout(timer);
  const found = new DOMParser().parseFromString(html, "text/html").getElementById("main");
  if (!found) return false;
  document.getElementById("main").replaceWith(found);
  found.focus();
  const after = Number(found.dataset.againAfter);
  if (after) timer = setTimeout(again, after * 1000);
  return true;
}

async function again() {
  try {
    const answer = await fetch(FIRST);
    if (answer.ok && show(await answer.text())) {
      const fresh = JSON.parse(document.getElementById("main").dataset.spare || "[]");
      spare.splice(0, spare.length, ...fresh);
      return;
    }
  } catch {
    // Away: what was there before serves.
  }
  show(first);
  const name = document.querySelector("[name=page]");
  if (name && spare.length) name.value = spare.pop();
}

function thanks() {
  const main = document.getElementById("main");
  const words = document.createElement("p");
  words.className = "survey-thanks";
  words.setAttribute("role", "status");
  words.textContent = main.dataset.thanks;
  main.querySelector("form").replaceWith(words);
  timer = setTimeout(again, 8000);
}

async function flush() {
  if (sending) return;
  sending = true;
  try {
    for (let [one, ...rest] = waiting(); one; [one, ...rest] = waiting()) {
      const answer = await fetch(one.path, { method: "POST", body: new URLSearchParams(one.fields) });
      if (answer.status >= 500 || answer.status === 429) break;
      keep(rest);
    }
  } catch {
    // Still away.
  }
  sending = false;
}

document.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const fields = new FormData(form, event.submitter);
  const path = document.getElementById("main").dataset.path;
  form.querySelectorAll("button").forEach((button) => (button.disabled = true));
  try {
    const answer = await fetch(path, { method: "POST", body: fields });
    if (answer.status < 500 && show(await answer.text())) return;
  } catch {
    // kept below
  }
  keep([...waiting(), { path, fields: [...fields].filter(([, value]) => typeof value === "string") }]);
  thanks();
});
window.addEventListener("online", flush);
setInterval(flush, 30_000);
flush();
