// While a bot answers: one press says what is offered, and one press asks for a person.
const list = document.getElementById("messages");
const person = document.getElementById("chat-person");
const form = document.getElementById("say");
const text = form.querySelector("textarea");

// Whoever spoke last has the conversation.
export function settle() {
  const last = [...list.querySelectorAll(".message.reply[data-seq]")].at(-1);
  person.hidden = last?.dataset.bot !== "stays";
}

function say(words, byKey) {
  const draft = text.value;
  text.value = words;
  form.requestSubmit();
  text.value = draft;
  // Whoever answers by keyboard goes on where they can write.
  if (byKey) text.focus();
}

list.addEventListener("click", (event) => {
  const choice = event.target.closest("[data-say]");
  if (choice) say(choice.textContent.trim(), event.detail === 0);
});
person.addEventListener("click", (event) => {
  const button = event.target.closest("[data-words]");
  if (button) say(button.dataset.words, event.detail === 0);
});
