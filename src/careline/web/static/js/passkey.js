// Passkeys: a button asks the house what to ask, the browser asks its owner, and the house hears the answer.
// <div data-passkey="get|create" data-address="/sign-in/passkey" hidden>: what is asked lies at the address + "/asked".
const able = "PublicKeyCredential" in window && "parseCreationOptionsFromJSON" in PublicKeyCredential;

for (const place of able ? document.querySelectorAll("[data-passkey]") : []) {
  place.hidden = false;
  for (const one of document.querySelectorAll('[data-with="passkey"]')) one.hidden = false;
  const button = place.querySelector("button");
  button.addEventListener("click", async () => {
    button.disabled = true;
    say(place, "");
    try {
      location.assign(await through(place));
    } catch (error) {
      say(place, error.words ?? place.dataset.failed);
      button.disabled = false;
    }
  });
}

async function through({ dataset }) {
  const form = document.querySelector("form");
  const fields = form ? new FormData(form) : new FormData();
  const wanted = { next: fields.get("next") ?? "", stay: fields.has("stay") };
  const { key, publicKey } = await post(`${dataset.address}/asked`, wanted);
  const made =
    dataset.passkey === "create"
      ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) })
      : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
  const answer = (await made).toJSON();
  const { to } = await post(dataset.address, { key, answer, name: document.querySelector("#f-passkey")?.value ?? "" });
  return to;
}

async function post(address, said) {
  const { "X-CSRFToken": token } = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}");
  const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token };
  const answer = await fetch(address, { method: "POST", headers, body: JSON.stringify(said) });
  if (!answer.ok) throw Object.assign(new Error(), { words: await answer.text() });
  return answer.json();
}

function say(place, words) {
  const line = place.querySelector(".error");
  line.textContent = words;
  line.hidden = !words;
}
