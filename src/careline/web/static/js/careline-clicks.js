// Signs of frustration, told like any other event: clicking again and again, and clicking where nothing happens.
(() => {
  const told = window.careline;
  if (!told || told.watches) return;
  told.watches = true;
  const RAGE = { clicks: 3, ms: 1000, px: 24 };
  const DEAD = 1200; // ms a page may take to answer a click
  const PRESSABLE = "a[href], button, [role=button], [role=link], [role=tab], [onclick], input[type=submit], summary, label";
  let clicks = [];
  let changed = 0;

  // Where it was, without a word of what stood there.
  function place(element) {
    const parts = [];
    for (let at = element; at && at !== document.body && parts.length < 4; at = at.parentElement) {
      const classes = [...at.classList].slice(0, 2).map((name) => `.${name}`).join("");
      parts.unshift(at.localName + (at.id ? `#${at.id}` : classes));
    }
    return parts.join(" > ").slice(0, 300);
  }

  const tell = (name, element) => told.track(name, { element: place(element), path: location.pathname });
  const change = () => (changed = performance.now());
  new MutationObserver(change).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  for (const sign of ["scroll", "focusin", "input", "change", "submit", "popstate", "hashchange", "pagehide", "selectionchange"]) {
    addEventListener(sign, change, { capture: true, passive: true });
  }

  addEventListener("click", (event) => {
    const element = event.target instanceof Element ? event.target : document.body;
    const now = performance.now();
    clicks = clicks.filter((one) => now - one.at < RAGE.ms && Math.hypot(one.x - event.clientX, one.y - event.clientY) < RAGE.px);
    clicks.push({ at: now, x: event.clientX, y: event.clientY });
    if (clicks.length === RAGE.clicks) tell("Rage Click", element);
    const pressed = element.closest(PRESSABLE);
    if (!pressed || clicks.length > 1) return;
    const link = pressed.closest("a[href]");
    // Downloads and new windows change nothing here, and are no disappointment.
    if (link && (link.target === "_blank" || link.hasAttribute("download") || /^(mailto|tel|sms):/.test(link.href))) return;
    setTimeout(() => changed < now && tell("Dead Click", pressed), DEAD);
  }, { capture: true, passive: true });
})();
