// Careline on another site: a button, and behind it the chat in a frame of its own.
(() => {
  const script = document.currentScript;
  const key = script?.dataset.inbox;
  if (!key || window.Careline) return;
  const home = new URL(script.src).origin;
  const speaks = { en: ["Ask us", "Close the chat", "Chat"], id: ["Tanya kami", "Tutup obrolan", "Obrolan"], ar: ["اسألنا", "أغلق المحادثة", "محادثة"] };
  const language = (document.documentElement.lang || navigator.language || "en").slice(0, 2).toLowerCase();
  const [ask, close, name] = speaks[language] ?? speaks.en;
  const { identifier, identifierHash, name: called, email } = script.dataset;
  let identity = identifier ? { identifier, identifier_hash: identifierHash ?? "", name: called, email } : null;
  // The page they came to first, even when the chat is opened on a later one.
  let page = { url: location.href, title: document.title, referrer: document.referrer, at: new Date().toISOString() };
  try {
    page = JSON.parse(sessionStorage.getItem("careline.page") ?? "null") ?? page;
    sessionStorage.setItem("careline.page", JSON.stringify(page));
  } catch {
    // a page without storage tells of itself
  }

  const place = document.createElement("careline-chat");
  const root = place.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { all: initial; color-scheme: light dark; }
    button, iframe { position: fixed; inset-inline-end: 1rem; z-index: 2147483000; }
    button { inset-block-end: 1rem; display: flex; gap: .6rem; align-items: center; min-height: 3rem; padding: 0 1.1rem;
      border: 1.5px solid #00686a; border-radius: 99rem; background: light-dark(#fff, #10201f); color: light-dark(#10201f, #fff);
      font: 600 1rem/1 system-ui, sans-serif; cursor: pointer; box-shadow: 0 6px 24px -8px #0006; }
    button:focus-visible { outline: 3px solid #3b4cca; outline-offset: 2px; }
    svg { width: 1.5rem; height: 1.5rem; fill: none; stroke: #00686a; stroke-width: 2.5; stroke-linecap: round; }
    button[data-news]::after { content: ""; width: .6rem; height: .6rem; border-radius: 50%; background: #a8321b; }
    iframe { inset-block-end: 4.75rem; width: min(24rem, calc(100vw - 2rem)); height: min(38rem, calc(100dvh - 6.5rem));
      border: 1px solid #0003; border-radius: 14px; background: light-dark(#f3f7f7, #14201f); box-shadow: 0 16px 48px -12px #0008; }
    [hidden] { display: none; }
    @media (max-width: 30rem) { iframe { inset: 0; width: 100vw; height: calc(100dvh - 4.5rem); border-radius: 0; } }`);
  root.adoptedStyleSheets = [sheet];
  const button = document.createElement("button");
  button.type = "button";
  button.innerHTML = '<svg viewBox="0 0 28 28" aria-hidden="true"><path d="M2 17c5 0 5-9 10-9s4 12 9 12"/><circle cx="22.5" cy="19.5" r="3.6"/></svg><span></span>';
  button.setAttribute("aria-expanded", "false");
  const label = button.querySelector("span");
  label.textContent = ask;
  root.append(button);
  let frame = null;

  // Who they are to careline.js, which says so only with their consent, or to another client of the tracking API.
  function device() {
    if (script.dataset.device) return script.dataset.device;
    if (window.careline?.device) return window.careline.device();
    try {
      return localStorage.getItem("careline.id");
    } catch {
      return null;
    }
  }

  function address() {
    return `${home}/chat/${encodeURIComponent(key)}#${encodeURIComponent(JSON.stringify({ identity, page, device: device() }))}`;
  }

  function open() {
    if (!frame) {
      frame = document.createElement("iframe");
      frame.title = name;
      frame.src = address();
      root.append(frame);
    }
    frame.hidden = false;
    show(true);
  }

  function fold() {
    if (frame) frame.hidden = true;
    show(false);
  }

  function show(opened) {
    button.setAttribute("aria-expanded", String(opened));
    label.textContent = opened ? close : ask;
    delete button.dataset.news;
  }

  button.addEventListener("click", () => (frame && !frame.hidden ? fold() : open()));
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape") fold();
  });
  addEventListener("message", (event) => {
    if (event.source !== frame?.contentWindow || event.origin !== home || event.data?.careline !== "message") return;
    if (frame.hidden && String(event.data.kind).includes("reply")) button.dataset.news = "";
  });

  window.Careline = {
    open,
    close: fold,
    // Signed in meanwhile: the chat goes on as this customer. The proof is made on the site's server.
    identify(who) {
      identity = who;
      if (!frame) return;
      frame.remove();
      frame = null;
    },
  };
  const settle = () => document.body.append(place);
  if (document.body) settle();
  else addEventListener("DOMContentLoaded", settle);
})();
