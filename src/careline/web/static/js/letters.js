// The whole of a letter stands in a frame that runs nothing; from out here it is made as tall as what it holds.
const MOST = 640;

function fit(frame) {
  const page = frame.contentDocument?.documentElement;
  if (!page?.querySelector(".letter")) return;
  const size = () => {
    const tall = page.querySelector("body").scrollHeight;
    frame.style.blockSize = `${Math.min(Math.max(tall, 48), Math.max(MOST, innerHeight * 0.7))}px`;
  };
  size();
  // Folded parts are opened in there, and pictures come late.
  new ResizeObserver(size).observe(page.querySelector("body"));
}

document.addEventListener("load", (event) => event.target.matches?.("iframe.original") && fit(event.target), true);
for (const frame of document.querySelectorAll("iframe.original")) fit(frame);
