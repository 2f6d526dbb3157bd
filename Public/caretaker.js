// A page that goes on by itself: what has changed is put in its place. The server sends it; where that
// can't be had it is asked for every few seconds. Without this the page is loaded anew.
const followMs = 2000;
const TYPED = "input, select, textarea";
const parse = (text) => new DOMParser().parseFromString(text, "text/html");
let source, asking;
let seen = "";

const listen = () => {
  const path = document.body.dataset.following;
  if (!path || document.hidden) return;
  source = new EventSource(`/events?${new URLSearchParams({ of: path, after: seen })}`);
  source.onmessage = (event) => {
    seen = event.lastEventId;
    put(parse(event.data), path);
  };
  // Signed out, say: loading it anew tells.
  source.addEventListener("gone", () => location.reload());
  source.addEventListener("busy", ask);
  source.onerror = () => {
    // Otherwise the browser comes again by itself.
    if (source.readyState === EventSource.CLOSED) ask();
  };
};

const ask = async () => {
  source?.close();
  const path = document.body.dataset.following;
  if (!path) return;
  try {
    const answer = document.hidden ? {} : await fetch(path);
    // Who is signed out is sent elsewhere.
    if (answer.redirected) return location.assign(answer.url);
    if (answer.ok) put(parse(await answer.text()), path);
  } catch {}
  clearTimeout(asking);
  asking = setTimeout(ask, followMs);
};

// What is said to who can't see it.
const told = document.createElement("p");
told.className = "hidden";
told.setAttribute("role", "status");
document.body.append(told);
let waiting;

const put = (next, path) => {
  const old = document.querySelector("main");
  const main = next.querySelector("main");
  // What somebody is typing stays until they are done.
  const isTyping = old.contains(document.activeElement) && document.activeElement.matches(TYPED);
  waiting = isTyping ? [next, path] : undefined;
  if (isTyping) return;
  document.body.dataset.following = next.body.dataset.following ?? "";
  if (!document.body.dataset.following) source?.close();
  document.querySelector(".banners").replaceWith(next.querySelector(".banners"));
  const before = [...old.querySelectorAll("details")];
  [...main.querySelectorAll("details")].forEach((details, at) => {
    if (before[at]) details.open = before[at].open;
  });
  const logs = [...old.querySelectorAll(".log")].map((log) => log.scrollTop);
  const focus = old.contains(document.activeElement) ? document.activeElement.id : "";
  // What has just been done stays said as long as it goes on.
  const flash = old.querySelector(".flash");
  if (flash && document.body.dataset.following) main.prepend(flash);
  const said = old.querySelector(".state")?.textContent;
  const says = main.querySelector(".state")?.textContent;
  old.replaceWith(main);
  history.replaceState(null, "", path);
  document.title = next.title;
  [...main.querySelectorAll(".log")].forEach((log, at) => (log.scrollTop = logs[at] ?? 0));
  if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
  if (says && says !== said) told.textContent = says;
};

if (document.body.dataset.following) {
  document.addEventListener("focusout", () => setTimeout(() => waiting && put(...waiting)));
  // A page that nobody sees is not sent.
  document.addEventListener("visibilitychange", () => {
    source?.close();
    listen();
  });
  listen();
}

// Shows below a form what its preview would cost, as soon as something is chosen. Every page works
// without this: the preview says the same.
const waitMs = 250; // Between the last choice and the question.

for (const form of document.querySelectorAll("form[data-live]")) {
  const card = form.closest(".card");
  const box = document.createElement("div");
  let timer;
  let asked = new AbortController();

  const show = async () => {
    asked.abort();
    asked = new AbortController();
    const query = new URLSearchParams(new FormData(form));
    try {
      const answer = await fetch(`${form.dataset.live}?${query}`, { signal: asked.signal });
      // Who is signed out is sent elsewhere.
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      box.innerHTML = await answer.text();
      box.className = "fresh";
      card.after(box);
      told.textContent = box.querySelector(".money, p")?.textContent ?? "";
    } catch (error) {
      if (error.name === "AbortError") return;
      box.remove();
      told.textContent = "";
    }
  };

  const choose = () => {
    clearTimeout(timer);
    box.className = "";
    timer = setTimeout(show, waitMs);
  };
  form.addEventListener("input", choose);
  form.addEventListener("change", choose);
}

// What is made to be copied has a button behind it, where the browser allows it.
const copiedMs = 2000;

const offerCopies = () => {
  for (const text of document.querySelectorAll("[data-copy='']")) {
    text.dataset.copy = "offered";
    const words = text.textContent.trim();
    const button = document.createElement("button");
    const say = (word) => (button.textContent = word);
    button.type = "button";
    button.className = "plain";
    button.ariaLabel = `Copy ${words.slice(0, 60)}`;
    say("Copy");
    button.onclick = async () => {
      const done = navigator.clipboard.writeText(words);
      told.textContent = say(await done.then(() => "Copied", () => "Not copied"));
      setTimeout(() => {
        say("Copy");
        told.textContent = "";
      }, copiedMs);
    };
    text.after(button);
  }
};

if (navigator.clipboard) {
  offerCopies();
  // A followed page gets another main.
  new MutationObserver(offerCopies).observe(document.body, { childList: true });
}

// A changed form is not left without asking; what browsers fill in themselves is no loss.
const FILLED = "[type=password], [autocomplete=username], [autocomplete=one-time-code]";
const WRITTEN = `form[method=post] :is(textarea, select, input:not(${FILLED}))`;
let isSent = false;

const isChanged = ({ options, selectedIndex, value, defaultValue, checked, defaultChecked }) =>
  options
    ? selectedIndex !== Math.max(0, [...options].findIndex((option) => option.defaultSelected))
    : value !== defaultValue || checked !== defaultChecked;

addEventListener("submit", (event) => {
  isSent ||= event.target.method === "post" && !event.defaultPrevented;
});
addEventListener("beforeunload", (event) => {
  if (!isSent && [...document.querySelectorAll(WRITTEN)].some(isChanged)) event.preventDefault();
});
