// Looks for articles while somebody asks in the chat; without this script the same box opens the help center.
const form = document.querySelector(".chat-help");
const [box, found] = [form.querySelector("input"), form.querySelector(".chat-found")];
let [waiting, last] = [0, ""];

async function look(part) {
  const words = box.value.trim();
  if (`${part} ${words}` === last) return;
  last = `${part} ${words}`;
  if (words.length < 3) return void found.replaceChildren();
  const answer = await fetch(`${form.action}?part=${part}&q=${encodeURIComponent(words)}`).catch(() => null);
  if (!answer?.ok || box.value.trim() !== words) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  found.replaceChildren(...page.body.childNodes);
}

box.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => look("typing"), 400);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(waiting);
  look("asked");
});
