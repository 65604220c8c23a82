// One's status and what is offered: drawn anew when the line says so; what nobody answers drains and is gone.
const RESTING = 30_000;
let last = 0;

// What comes while the part is being drawn would be heard by what is about to be replaced: it is asked for after that.
let busy = false;
let again = false;

export function look() {
  if (busy) again = true;
  else document.body.dispatchEvent(new Event("at-work"));
}

function drawn() {
  busy = false;
  if (!again) return;
  again = false;
  look();
}

const ours = (event) => event.detail.target?.id === "at-work";
document.body.addEventListener("htmx:beforeRequest", (event) => ours(event) && (busy = true));
document.body.addEventListener("htmx:afterSettle", (event) => ours(event) && drawn());
document.body.addEventListener("htmx:afterRequest", (event) => ours(event) && !event.detail.successful && drawn());

// Somebody is here: told at most twice a minute, so that whoever works is not taken for away.
export function stirring(send) {
  const told = () => {
    if (Date.now() - last < RESTING) return;
    last = Date.now();
    send({ type: "active" });
  };
  for (const kind of ["pointerdown", "keydown", "scroll"]) document.addEventListener(kind, told, { passive: true, capture: true });
}

export function answer(how) {
  document.querySelector(`#at-work [data-offer="${how}"]`)?.click();
}

document.body.addEventListener("taken", (event) => location.assign(event.detail.url));

setInterval(() => {
  let over = false;
  for (const card of document.querySelectorAll("#at-work .offer")) {
    const left = (Date.parse(card.dataset.due) - Date.now()) / 1000;
    card.querySelector("progress").value = Math.max(0, left);
    over ||= left < -1;
  }
  if (over) look();
}, 1000);
