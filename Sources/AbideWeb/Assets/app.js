// What is better live. Every page works without it: links, forms and details do all that stands here.

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const quietly = (storage) => { try { return storage(); } catch { return null; } };

// Live: when the desk says that something changed, the page is fetched again and its parts are swapped where they differ.
let pending = false, stale = false;

async function refresh() {
  if (pending || document.hidden) { stale = true; return; }
  pending = true;
  stale = false;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    if (answer.redirected && new URL(answer.url).pathname === "/sign-in") { location.reload(); return; }
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of $$("[data-part]")) swap(part, $(`[data-part="${part.dataset.part}"]`, fresh));
    offline(false);
  } catch { offline(true); } finally {
    pending = false;
    if (stale) setTimeout(refresh, 300);
  }
}

// Nobody's half-filled form is taken away, and the row under the keyboard stays where it was.
function swap(part, fresh) {
  if (!fresh || part.innerHTML === fresh.innerHTML) return;
  if ($("details[open] form", part) || (part.contains(document.activeElement) && document.activeElement.matches("input, textarea, select"))) return;
  const before = new Set($$("[data-ref], li[id]", part).map(key)), current = $(".trow.current", part)?.dataset.ref;
  const focused = part.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  part.replaceChildren(...document.adoptNode(fresh).childNodes);
  for (const item of $$("[data-ref], li[id]", part)) if (!before.has(key(item))) item.classList.add("fresh");
  if (current) $(`.trow[data-ref="${CSS.escape(current)}"]`, part)?.classList.add("current");
  if (focused) $(`a[href="${CSS.escape(focused)}"]`, part)?.focus({ preventScroll: true });
}
const key = (item) => item.dataset.ref ?? item.id;

function offline(is) {
  const bar = $(".offline");
  if (!is) { bar?.remove(); return; }
  if (bar) return;
  const now = new Date().toTimeString().slice(0, 5), next = document.createElement("p");
  next.className = "offline";
  next.setAttribute("role", "status");
  next.textContent = `No connection since ${now}. You can read and write on; drafts are kept here.`;
  document.body.prepend(next);
}

if (document.body.dataset.live) {
  let timer;
  const source = new EventSource(document.body.dataset.live);
  const soon = () => { clearTimeout(timer); timer = setTimeout(refresh, 120); };
  source.onmessage = soon;
  source.addEventListener("ticket", soon);
  source.onopen = () => { if ($(".offline")) { offline(false); refresh(); } };
  source.onerror = () => { if (source.readyState !== EventSource.OPEN && !navigator.onLine) offline(true); };
  addEventListener("pagehide", () => source.close());
  document.addEventListener("visibilitychange", () => { if (!document.hidden && stale) refresh(); });
}
// The now line moves once a minute.
if ($(".pl-n") && !$(".signin")) setInterval(refresh, 60_000);

// Drafts stay on this device until they are sent.
for (const form of $$("form[data-draft]")) {
  const name = (field) => `draft:${location.pathname}:${form.dataset.draft}:${field.name}`;
  const fields = $$("textarea, input[type=text]", form);
  for (const field of fields) {
    const kept = quietly(() => sessionStorage.getItem(name(field)));
    if (kept && !field.value) field.value = kept;
    field.addEventListener("input", () => {
      quietly(() => field.value ? sessionStorage.setItem(name(field), field.value) : sessionStorage.removeItem(name(field)));
      const says = $(".kept", form);
      if (says) says.textContent = field.value ? `Draft kept ${new Date().toTimeString().slice(0, 5)}` : "";
    });
  }
  form.addEventListener("submit", () => fields.forEach((field) => quietly(() => sessionStorage.removeItem(name(field)))));
}

// A form goes out once.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  else if (event.target.method === "post") event.target.dataset.sent = "1";
});
addEventListener("pageshow", () => $$("form[data-sent]").forEach((form) => delete form.dataset.sent));

// The log form says what the clock still waits for while one types.
const log = $("form[data-log]");
if (log) {
  const send = $("[data-send]", log), count = $("[data-count]", log);
  const label = (n) => n === 0 ? "Nothing is missing." : n === 1 ? "One thing is missing." : `${n} things are missing.`;
  const look = () => {
    let missing = 0;
    for (const check of $$("[data-check]", log)) {
      const field = log.elements[check.dataset.check];
      if (!field) continue;
      const given = field.value.trim() !== "", optional = check.classList.contains("optional");
      check.classList.toggle("given", given);
      $("em", check).textContent = given ? "" : optional ? check.dataset.note ?? "if you like" : "missing";
      if (!given && !optional) missing++;
    }
    const text = label(missing);
    if (count.textContent !== text) count.textContent = text;
    send.textContent = missing === 0 ? "Send" : missing === 1 ? "Send with 1 thing missing" : `Send with ${missing} things missing`;
  };
  log.addEventListener("input", look);
  look();
}

// Toasts leave after ten seconds, not while one points at them.
const toast = $(".toast p");
if (toast) {
  let timer = setTimeout(() => toast.remove(), 10_000);
  toast.addEventListener("pointerenter", () => clearTimeout(timer));
  toast.addEventListener("pointerleave", () => { timer = setTimeout(() => toast.remove(), 4_000); });
}

// Forms that opened from a button close with Escape or a click beside them, and take the focus when they open.
document.addEventListener("toggle", (event) => {
  if (event.target.matches?.(".pop") && event.target.open) $("select, textarea, input:not([type=hidden]), .btn:not(summary)", $(".pop-body", event.target))?.focus();
}, true);
document.addEventListener("click", (event) => {
  for (const pop of $$(".pop[open]")) if (!pop.contains(event.target)) pop.open = false;
  if (location.hash === "#nav" && !event.target.closest(".side, .menu")) location.hash = "";
});

// Keys
const rows = () => $$(".trow");
function move(step) {
  const all = rows();
  if (!all.length) return;
  const at = all.findIndex((row) => row.classList.contains("current"));
  const next = all[Math.max(0, Math.min(all.length - 1, at < 0 ? 0 : at + step))];
  all[at]?.classList.remove("current");
  next.classList.add("current");
  next.scrollIntoView({ block: "nearest" });
}
function write(visibility) {
  const radio = $(`#composer [name=visibility][value=${visibility}]`), body = $("#composer textarea");
  if (!body) return false;
  if (radio?.type === "radio") radio.checked = true;
  body.focus();
  return true;
}
const keys = {
  j: ["Next ticket", () => move(1)], k: ["Previous ticket", () => move(-1)],
  Enter: ["Open the ticket", () => $(".trow.current .what a")?.click()],
  r: ["Reply to the client", () => write("public")], n: ["Internal note", () => write("internal")],
  s: ["Suspend", null], e: ["Resolve", null], a: ["Assign", null], v: ["Change severity", null], p: ["Propose a date", null],
  c: ["Log a ticket", () => { if ($(".staff")) location.href = "/tickets/new"; }], "/": ["Find", () => $("#find")?.focus()],
  u: ["Back to the list", () => $(".bar .back")?.click()], "?": ["All keys", help],
};
function help() {
  const dialog = document.createElement("dialog");
  dialog.className = "sheet-keys";
  dialog.setAttribute("aria-label", "Keys");
  const title = document.createElement("h2");
  title.textContent = "Keys";
  dialog.append(title);
  for (const [name, [says]] of Object.entries({ ...keys, "Ctrl ↵": ["Send"], Esc: ["Close"] })) {
    const line = document.createElement("p"), kbd = document.createElement("kbd");
    kbd.textContent = name === "Enter" ? "↵" : name.length === 1 ? name.toUpperCase() : name;
    line.append(says, kbd);
    dialog.append(line);
  }
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", () => dialog.close());
  document.body.append(dialog);
  dialog.showModal();
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input:not([type=radio]):not([type=checkbox]), textarea, select, dialog");
  if (event.key === "Escape") {
    for (const pop of $$(".pop[open]")) { pop.open = false; $("summary", pop).focus(); }
    if (typing?.matches("textarea, #find")) typing.blur();
    return;
  }
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && typing?.form) {
    const form = typing.form, note = $("[value=internal]:checked", form);
    form.requestSubmit($(note ? "button.if-note" : "button.if-reply", form) ?? undefined);
    event.preventDefault();
    return;
  }
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !$("body.staff")) return;
  if (event.key === "Enter" && event.target.closest("a, button, summary")) return;
  const act = /^[a-z]$/.test(event.key) && $(`details[data-key="${event.key}"]`);
  if (act) { act.open = true; event.preventDefault(); return; }
  const entry = keys[event.key];
  if (entry?.[1]) { entry[1](); event.preventDefault(); }
});
