// Sets every <time data-when> to the viewer's zone and language, again after each swap, push and minute.
const root = document.documentElement;
const zone = root.dataset.zone || undefined;
// The page's language as it is written where the viewer lives (22 May or May 22), with Latin digits unless its tag
// asks for others.
const spoken = root.lang || "en";
const local = navigator.languages.find((tag) => tag.split("-")[0] === spoken.split("-")[0]) ?? spoken;
const language = spoken.includes("-u-") ? spoken : `${local}-u-nu-latn`;
const format = (options) => new Intl.DateTimeFormat(language, { timeZone: zone, ...options });
const clock = format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const day = format({ day: "numeric", month: "short" });
const dayOfYear = format({ day: "numeric", month: "short", year: "numeric" });
const weekday = format({ weekday: "short" });
const full = format({ dateStyle: "full", timeStyle: "long" });
const event = format({ weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short" });
const key = format({ year: "numeric", month: "2-digit", day: "2-digit" });
const span = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" });
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

function date(at, now) {
  return (key.format(at).slice(-4) === key.format(now).slice(-4) ? day : dayOfYear).format(at);
}

const styles = {
  // A list: a span while it is fresh, then the clock, the weekday, the date.
  list(at, now) {
    const age = now - at;
    if (age < MINUTE && age > -MINUTE) return span.format(0, "second");
    if (age >= 0 && age < 60 * MINUTE) return span.format(-Math.floor(age / MINUTE), "minute");
    if (key.format(at) === key.format(now)) return clock.format(at);
    return age >= 0 && age < 6 * DAY ? weekday.format(at) : date(at, now);
  },
  // A message: the clock, with its day when that is not today.
  clock(at, now) {
    const time = clock.format(at);
    return key.format(at) === key.format(now) ? time : `${date(at, now)} ${time}`;
  },
  // A moment: the day, with its clock when that is today.
  day(at, now) {
    return key.format(at) === key.format(now) ? `${span.format(0, "day")} ${clock.format(at)}` : date(at, now);
  },
  date,
  // A meeting: weekday, day and clock, in the viewer's zone.
  event: (at, _now, until) => (until >= at ? event.formatRange(at, until) : event.format(at)),
  // A deadline: how long is left, or how long it has been past.
  until(at, now) {
    const minutes = Math.round((at - now) / MINUTE);
    const [size, unit] = Math.abs(minutes) < 90 ? [1, "minute"] : Math.abs(minutes) < 2880 ? [60, "hour"] : [1440, "day"];
    return span.format(Math.round(minutes / size), unit);
  },
  // A promise: how long is left, in words; its line drains as time goes and turns when it is past.
  left(at, now, _until, element) {
    const [begun, promise] = [Date.parse(element.dataset.begun), element.closest(".promise")];
    const gone = at > begun ? Math.min(1, Math.max(0, (now - begun) / (at - begun))) : 1;
    promise.querySelector(".rest").setAttribute("d", `M${(now > at ? 1 : 1 + 22 * gone).toFixed(1)} 5H25`);
    promise.classList.toggle("late", now > at);
    const words = now > at ? element.dataset.late : element.dataset.left;
    return words.replace("*", amount(Math.abs(at - now)));
  },
  full: (at) => full.format(at),
};

const units = Object.fromEntries(["minute", "hour", "day"].map((unit) => [unit, new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short" })]));
function amount(milliseconds) {
  const minutes = Math.ceil(milliseconds / MINUTE);
  if (minutes < 60) return units.minute.format(minutes);
  if (minutes >= 2880) return units.day.format(Math.round(minutes / 1440));
  const rest = minutes < 120 ? minutes % 60 : 0;
  return units.hour.format(Math.floor(minutes / 60)) + (rest ? ` ${units.minute.format(rest)}` : "");
}

export function setTimes(within = document) {
  const now = Date.now();
  for (const element of within.querySelectorAll("time[data-when]")) {
    const at = Date.parse(element.dateTime);
    if (Number.isNaN(at)) continue;
    const words = (styles[element.dataset.when] ?? styles.full)(at, now, Date.parse(element.dataset.until), element);
    if (element.textContent !== words) element.textContent = words;
    if (!element.title) element.title = full.format(at);
  }
}

setTimes();
setInterval(setTimes, MINUTE);
// One pass for all that arrived together, however it arrived: swap, push or script.
let due = false;
new MutationObserver((changes) => {
  if (due || !changes.some((change) => [...change.addedNodes].some((node) => node.nodeType === 1))) return;
  due = true;
  queueMicrotask(() => {
    due = false;
    setTimes();
  });
}).observe(document.body, { childList: true, subtree: true });
