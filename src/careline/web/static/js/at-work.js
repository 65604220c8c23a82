// One's status and what is offered: drawn anew when the line says so; what nobody answers drains and is gone.
const RESTING = 30_000;
let last = 0;

export function look() {
  document.body.dispatchEvent(new Event("at-work"));
}

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
