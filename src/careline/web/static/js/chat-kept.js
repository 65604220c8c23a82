// What a visitor's browser keeps: who they are to us, and words that were not acknowledged yet.
const { key } = document.getElementById("main").dataset;
export const names = {
  visitor: `careline.visitor.${key}`,
  unsent: `careline.unsent.${key}`,
  device: `careline.device.${key}`,
};

// Where storage is forbidden the chat still works, for as long as the page is open.
const kept = new Map();
export const store = {
  get(name) {
    try {
      return localStorage.getItem(name) ?? kept.get(name) ?? null;
    } catch {
      return kept.get(name) ?? null;
    }
  },
  set(name, value) {
    kept.set(name, value);
    try {
      localStorage.setItem(name, value);
    } catch {
      // kept above
    }
  },
};
// What careline.js calls this browser on the site's pages, which it does only once the visitor agreed to that.
export const given = brought();
export const device = "device" in given ? given.device : store.get("careline.id");
// Another number in the same browser: somebody else sits here now, whose thread and words these are not.
if (device && store.get(names.device) && store.get(names.device) !== device) {
  store.set(names.visitor, "");
  store.set(names.unsent, "[]");
}
store.set(names.device, device ?? "");
export const waiting = JSON.parse(store.get(names.unsent) ?? "[]");
// What a message of ours is called until it has its number.
export const fresh = () => crypto.randomUUID?.() ?? String(Math.random()).slice(2);
export const keep = () => store.set(names.unsent, JSON.stringify(waiting));

// The widget hands over who this is and where they were, behind the # that no server sees.
function brought() {
  try {
    return JSON.parse(decodeURIComponent(location.hash.slice(1)) || "{}");
  } catch {
    return {};
  }
}
export const here = given.page ?? {
  url: location.href.split("#")[0],
  title: document.title,
  referrer: document.referrer,
  at: new Date().toISOString(),
};
