// The files beside the words: picked, pasted or dropped, and weighed before they leave.

export function attach(form, more) {
  if (!more?.length) return;
  const all = new DataTransfer();
  for (const file of [...form.files.files, ...more]) all.items.add(file);
  form.files.files = all.files;
  list(form);
}

export function list(form) {
  const box = form.querySelector(".composer-files");
  const files = [...form.files.files];
  box.hidden = !files.length;
  box.replaceChildren(
    ...files.map((file) => {
      const item = document.createElement("li");
      item.className = "chip";
      item.textContent = `${file.name} (${Math.ceil(file.size / 1000)} kB)`;
      return item;
    }),
  );
  const total = files.reduce((sum, file) => sum + file.size, 0);
  const told = form.querySelector(".composer-weight");
  if (!told) return;
  told.hidden = !files.length;
  told.textContent = told.dataset.words.replace("{total}", (total / 1e6).toFixed(1));
  told.classList.toggle("error", tooHeavy(form));
}

// What the server would refuse is not even sent.
export function tooHeavy(form) {
  const told = form.querySelector(".composer-weight");
  if (!told) return false;
  const sizes = [...form.files.files].map((file) => file.size);
  return sizes.some((size) => size > Number(told.dataset.each)) || sizes.reduce((sum, size) => sum + size, 0) > Number(told.dataset.room);
}
