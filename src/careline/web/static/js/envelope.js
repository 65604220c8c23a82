// The envelope of a mail that is being written: Cc and Bcc on demand, what is wrong told at once, all of it kept in the draft.
import { ask } from "./desk.js";

const names = ["to", "cc", "bcc", "subject", "quotes"];
const fields = (form) => names.map((name) => form.elements.namedItem(name)).filter(Boolean);
const differs = (field) => (field.type === "checkbox" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue);

const passes = (form) => form.kind?.value === "forward";

// What is passed on goes to somebody else: what nobody has touched is as the way chosen wants it.
export function turn(form) {
  for (const field of fields(form)) {
    if (!("forward" in field.dataset)) continue;
    field.dataset.reply ??= field.defaultValue;
    const untouched = !differs(field);
    field.defaultValue = field.dataset[passes(form) ? "forward" : "reply"];
    if (untouched) field.value = field.defaultValue;
  }
  const turned = form.dataset.way && form.dataset.way !== form.kind.value;
  form.dataset.way = form.kind.value;
  if (!turned) return;
  dressed(form);
  enveloped(form);
  const says = form.querySelector(".envelope-says");
  if (passes(form)) says?.replaceChildren();
  else check(form);
}

// What somebody has changed; nothing while all stands as it was drawn.
export function enveloped(form) {
  const all = fields(form);
  const changed = all.filter(differs);
  // While it is being changed, a fresh one does not take its place.
  form.querySelector(".envelope-rows")?.toggleAttribute("data-editing", passes(form) || changed.some((field) => field.name !== "quotes"));
  if (!changed.length) return undefined;
  return Object.fromEntries(all.map((field) => [field.name, field.type === "checkbox" ? field.checked : field.value]));
}

export function restore(form, kept) {
  for (const field of fields(form)) {
    const value = kept?.[field.name];
    if (typeof value === "boolean") field.checked = value;
    else if (typeof value === "string") field.value = value;
  }
  enveloped(form);
  dressed(form);
  if (kept) check(form);
}

// A row with something in it is always shown.
export function dressed(form) {
  for (const button of form.querySelectorAll("[data-reveals]")) {
    const filled = Boolean(form.elements.namedItem(button.dataset.reveals).value);
    button.hidden = filled;
    document.getElementById(button.getAttribute("aria-controls")).hidden = !filled;
  }
}

let asked = 0;
export async function check(form) {
  const box = form.querySelector("#envelope");
  if (!box?.dataset.checks) return;
  const mine = ++asked;
  const way = ["kind", form.kind?.value ?? "reply"];
  const stands = new URLSearchParams([way, ...fields(form).filter((field) => field.type !== "checkbox").map((field) => [field.name, field.value])]);
  let answer;
  try {
    answer = await ask(`${box.dataset.checks}?${stands}`);
  } catch {
    return; // what is wrong is told when it is sent
  }
  if (!answer.ok || mine !== asked || !box.isConnected) return;
  box.querySelector(".envelope-says").innerHTML = await answer.text();
  const wrong = new Set([...box.querySelectorAll("[data-wrong]")].map((one) => one.dataset.wrong));
  for (const field of fields(form)) {
    if (wrong.has(field.name)) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }
  return fields(form).find((field) => wrong.has(field.name));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-reveals]");
  if (!button) return;
  const row = document.getElementById(button.getAttribute("aria-controls"));
  button.hidden = true;
  row.hidden = false;
  row.querySelector("input").focus();
});

// Offered are those who come after whom somebody has written already.
document.addEventListener("input", (event) => {
  if (!event.target.matches(".envelope-rows [list]")) return;
  const before = event.target.value.match(/^.*[,;]\s*/s)?.[0] ?? "";
  for (const option of event.target.list.options) option.value = before + option.dataset.one;
});

document.addEventListener("change", (event) => {
  if (event.target.closest(".envelope-rows")) check(event.target.form);
});

document.addEventListener("keydown", (event) => {
  // In a line of the envelope Enter goes on to the next, as in other mail programs; it sends nothing.
  if (event.key !== "Enter" || !event.target.closest(".envelope-rows") || event.target.matches("button")) return;
  if (event.ctrlKey || event.metaKey) return event.target.form.requestSubmit();
  event.preventDefault();
  const all = [...event.target.form.querySelectorAll(".envelope-rows input, textarea")].filter((field) => field.offsetParent);
  all[all.indexOf(event.target) + 1]?.focus();
});
