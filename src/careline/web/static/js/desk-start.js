// The desk begins: what the page brought is made ready, then the line is opened.
import "./greeting.js";
import "./letters.js";
import "./at-message.js";
import "./modeled.js";
import "./replies.js";
import "./suggestions.js";
import "./voice.js";
import { listen } from "./desk-live.js";
import { settle } from "./desk.js";

const view = document.getElementById("desk").dataset.view;
document.cookie = `careline_view=${view}; path=/desk; max-age=31536000; samesite=lax`;
settle();
listen();
