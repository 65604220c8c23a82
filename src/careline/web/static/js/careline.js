// Careline on a page: what happens on it, told in batches once the visitor agreed. Nothing is stored or sent before.
(() => {
  const script = document.currentScript;
  const key = script?.dataset.key;
  if (!key || window.careline) return;
  const url = `${new URL(script.src).origin}/v1/batch`;
  // Milliseconds between batches, events of a batch (as many as a closing page may send), events that wait at most.
  const [EACH, MOST, KEPT] = [2000, 40, 500];
  let agreed = script.dataset.consent === "given";
  let [waiting, timer, wait, busy, shown] = [[], 0, EACH, false, ""];
  const digits = () => [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");
  const uuid = () => crypto.randomUUID?.() ?? digits();
  const tab = `careline.q.${uuid()}`;
  const memory = {};
  // A page without storage still tells of itself, as somebody new each time.
  const stored = (name, value) => {
    try {
      if (value === undefined) return localStorage.getItem(name) ?? memory[name] ?? null;
      if (value === null) localStorage.removeItem(name);
      else localStorage.setItem(name, value);
    } catch {}
    if (value === null) delete memory[name];
    else if (value !== undefined) memory[name] = value;
    return value ?? null;
  };
  if (stored("careline.consent") === "no") agreed = false;
  else if (stored("careline.consent") === "yes") agreed = true;
  const device = () => stored("careline.id") ?? stored("careline.id", uuid());
  function say(type, fields) {
    if (!agreed) return;
    const campaign = {};
    for (const [name, value] of new URLSearchParams(location.search)) {
      if (name.startsWith("utm_")) campaign[name === "utm_campaign" ? "name" : name.slice(4)] = value;
    }
    const page = { url: location.href, path: location.pathname, title: document.title, referrer: document.referrer };
    const who = { anonymousId: device(), userId: stored("careline.user") ?? undefined };
    const context = { page, campaign, locale: navigator.language };
    waiting.push({ type, messageId: uuid(), ...who, timestamp: new Date().toISOString(), context, ...fields });
    waiting = waiting.slice(-KEPT);
    keep();
    if (waiting.length >= MOST) send();
    else timer ||= setTimeout(send, wait);
  }

  const keep = () => stored(tab, waiting.length > 0 ? JSON.stringify(waiting) : null);
  const body = (batch) => JSON.stringify({ writeKey: key, batch, sentAt: new Date().toISOString() });

  async function send() {
    clearTimeout(timer);
    timer = 0;
    if (busy || !agreed || waiting.length === 0) return;
    busy = true;
    const batch = waiting.slice(0, MOST);
    try {
      // As text, a page of another site need not be asked first.
      const answer = await fetch(url, { method: "POST", body: body(batch), headers: { "Content-Type": "text/plain" }, keepalive: true });
      const again = answer.status === 429 || answer.status >= 500;
      wait = again ? Math.max(1000 * (Number(answer.headers.get("Retry-After")) || 0), Math.min(wait * 2, 60000)) : EACH;
      if (!again) waiting = waiting.filter((event) => !batch.includes(event));
    } catch {
      wait = Math.min(wait * 2, 60000);
    }
    busy = false;
    keep();
    if (waiting.length > 0) timer ||= setTimeout(send, wait);
  }

  // The last words of a page. They stay kept, too: what was sent twice lands once.
  function leave() {
    for (let at = 0; agreed && at < waiting.length; at += MOST) {
      if (!navigator.sendBeacon(url, new Blob([body(waiting.slice(at, at + MOST))], { type: "text/plain" }))) return;
    }
  }

  function page(fields = {}) {
    shown = location.href;
    say("page", { name: fields.name, properties: { url: location.href, title: document.title, referrer: document.referrer, ...fields } });
  }

  // What earlier pages could not send any more.
  function begin() {
    try {
      for (const name of Object.keys(localStorage).filter((name) => name.startsWith("careline.q.") && name !== tab)) {
        waiting.push(...JSON.parse(stored(name) ?? "[]"));
        stored(name, null);
      }
    } catch {}
    page();
  }

  window.careline = {
    page,
    // For the chat, so that whoever writes there is whom the pages know; nothing without consent.
    device: () => (agreed ? device() : null),
    track: (event, properties = {}) => say("track", { event, properties }),
    identify: (userId, traits = {}) => agreed && (stored("careline.user", String(userId)), say("identify", { traits })),
    group: (groupId, traits = {}) => say("group", { groupId, traits }),
    // Somebody else sits down: a new device as far as we know.
    reset: () => ["careline.user", "careline.id"].forEach((name) => stored(name, null)),
    consent(given) {
      if (given === agreed) return;
      agreed = given;
      if (given) return stored("careline.consent", "yes"), begin();
      waiting = [];
      for (const name of [...Object.keys(memory), "careline.user", "careline.id"]) stored(name, null);
      stored("careline.consent", "no");
    },
  };

  addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && leave());
  // Pages that change without being loaded.
  const moved = () => agreed && location.href !== shown && page();
  for (const verb of ["pushState", "replaceState"]) {
    const plain = history[verb].bind(history);
    history[verb] = (...given) => (plain(...given), moved());
  }
  addEventListener("popstate", moved);
  if (agreed) begin();
})();
