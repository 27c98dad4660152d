// What is better live. Every page works without it: links, forms and details do all that stands here.

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const quietly = (storage) => { try { return storage(); } catch { return null; } };

// In the reader's language: the page brings the words where they are not English.
const words = JSON.parse($("#words")?.textContent ?? "{}");
const say = (text, ...holes) => (words[text] ?? text).replace(/\{(\d)\}/g, (_, number) => holes[number - 1]);

document.documentElement.classList.add("scripted");
for (const choice of $$("select[data-go]")) choice.addEventListener("change", () => choice.form.submit());

// A page that the browser made ready before somebody opened it (speculation.json) is nobody's yet: until it is opened it hears nothing and is not
// there for others; then it looks for what came meanwhile.
const opened = document.prerendering ? new Promise((open) => document.addEventListener("prerenderingchange", open, { once: true })) : null;
const whenOpened = (act) => opened ? opened.then(act) : act();
opened?.then(() => refresh());
if (performance.getEntriesByType("navigation")[0]?.deliveryType === "navigational-prefetch") addEventListener("load", () => refresh());

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
    // What comes while nothing is written is seen before it is answered.
    const seen = $("#composer [name=seen]"), body = $("#composer textarea");
    if (seen && !body.value) seen.value = $("#composer [name=seen]", fresh)?.value ?? seen.value;
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
  if ($("details[open] form", part) || (part.contains(document.activeElement) && document.activeElement.matches("input:not([type=checkbox]), textarea, select"))) return;
  const before = new Set($$("[data-ref], li[id]", part).map(key)), current = $(".trow.current", part)?.dataset.ref;
  const focused = part.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  const picked = new Set($$(".box :checked", part).map((box) => box.value)), onPick = document.activeElement?.closest(".box") && document.activeElement.value;
  part.replaceChildren(...document.adoptNode(fresh).childNodes);
  for (const item of $$("[data-ref], li[id]", part)) if (!before.has(key(item))) item.classList.add("fresh");
  if (current) $(`.trow[data-ref="${CSS.escape(current)}"]`, part)?.classList.add("current");
  if (focused) $(`a[href="${CSS.escape(focused)}"]`, part)?.focus({ preventScroll: true });
  for (const box of $$(".box input", part)) {
    box.checked = picked.has(box.value);
    if (box.value === onPick) box.focus({ preventScroll: true });
  }
  if (part.dataset.part === "list") countPicked();
}
const key = (item) => item.dataset.ref ?? item.id;

function offline(is) {
  const bar = $(".offline");
  if (!is) { bar?.remove(); return; }
  if (bar) return;
  const now = new Date().toTimeString().slice(0, 5), next = document.createElement("p");
  next.className = "offline";
  next.setAttribute("role", "status");
  next.textContent = say("No connection since {1}. You can read and write on; drafts are kept here.", now);
  document.body.prepend(next);
}

whenOpened(() => {
  if (document.body.dataset.live) {
    let timer;
    const source = new EventSource(document.body.dataset.live);
    const soon = () => { clearTimeout(timer); timer = setTimeout(refresh, 120); };
    source.onmessage = soon;
    source.addEventListener("ticket", soon);
    source.addEventListener("here", (event) => here(JSON.parse(event.data).people));
    source.onopen = () => { if ($(".offline")) { offline(false); refresh(); } };
    source.onerror = () => { if (source.readyState !== EventSource.OPEN && !navigator.onLine) offline(true); };
    source.addEventListener("notification", (event) => told(JSON.parse(event.data)));
    addEventListener("pagehide", () => source.close());
    document.addEventListener("visibilitychange", () => { if (!document.hidden && stale) refresh(); });
  } else if (document.body.dataset.told) {
    const source = new EventSource(document.body.dataset.told);
    source.addEventListener("notification", (event) => told(JSON.parse(event.data)));
    addEventListener("pagehide", () => source.close());
  }
});
// What somebody is told wherever they are: the count beside its place, the list where it is open, and the browser's own note where they allowed it.
function told(news) {
  const link = $('#nav a[href="/notifications"]');
  if (link) {
    let count = $(".n", link);
    if (!count) { count = document.createElement("span"); count.className = "n"; link.append(count); }
    count.textContent = news.unread;
  }
  if (location.pathname === "/notifications") refresh();
  if (!("Notification" in window) || Notification.permission !== "granted" || quietly(() => localStorage.getItem("notes")) !== "on") return;
  // One of several open pages shows it.
  const last = Number(quietly(() => localStorage.getItem("noted")) ?? 0);
  if (last >= news.id || (!document.hidden && location.pathname === `/tickets/${news.ref}`)) return;
  quietly(() => localStorage.setItem("noted", news.id));
  const note = new Notification(news.words, { body: `${news.ref} ${news.subject}`, tag: `abide-${news.id}` });
  note.addEventListener("click", () => { focus(); location.href = `/notifications/${news.id}`; });
}
{
  const place = $("[data-browser]"), button = place && $("[data-allow]", place), says = place && $("[data-says]", place);
  const show = () => {
    if (!place) return;
    const can = "Notification" in window, on = can && Notification.permission === "granted" && quietly(() => localStorage.getItem("notes")) === "on";
    button.hidden = !can || Notification.permission === "denied";
    button.textContent = on ? say("Show them here no longer") : say("Show them here");
    says.textContent = !can ? say("This browser can’t.") : Notification.permission === "denied" ? say("The browser blocks them for this site; its settings let them through again.") : on ? say("They are shown here.") : "";
  };
  button?.addEventListener("click", async () => {
    const on = quietly(() => localStorage.getItem("notes")) === "on" && Notification.permission === "granted";
    if (!on) await Notification.requestPermission();
    quietly(() => localStorage.setItem("notes", on ? "off" : "on"));
    show();
  });
  show();
}
// Who else has this ticket open, and who writes.
function here(people) {
  const place = $(".here");
  if (!place) return;
  const says = document.createElement("span"), names = (list) => list.map((one) => one.name.split(" ")[0]).join(", ");
  const typing = people.filter((one) => one.typing);
  says.textContent = typing.length ? (typing.length > 1 ? say("{1} are writing", names(typing)) : say("{1} is writing", names(typing))) : people.length > 1 ? say("{1} are here", names(people)) : people.length ? say("{1} is here", names(people)) : "";
  place.replaceChildren(...people.slice(0, 4).map((one) => {
    const square = document.createElement("span");
    square.className = `ini ours s22${one.typing ? " typing" : ""}`;
    square.title = one.name;
    square.textContent = one.initials;
    square.setAttribute("aria-hidden", "true");
    return square;
  }), says);
}
{
  const form = $(".staff #composer"), body = form && $("textarea", form);
  let last = 0;
  const tell = (stops) => fetch(`/tickets/${form.dataset.draft}/typing`, { method: "POST", body: new URLSearchParams({ csrf: csrf(), ...(stops ? { stops } : {}) }), keepalive: true }).catch(() => {});
  body?.addEventListener("input", () => {
    if (!body.value) { last = 0; tell(1); return; }
    if (Date.now() - last < 3000) return;
    last = Date.now();
    tell();
  });
  form?.addEventListener("submit", () => { if (last) tell(1); });
  // An answer waits some seconds only where it can be taken back from the page.
  if (form?.hasAttribute("data-hold")) {
    const hold = document.createElement("input");
    Object.assign(hold, { type: "hidden", name: "hold", value: "1" });
    form.append(hold);
  }
}
setInterval(() => {
  for (const left of $$("[data-left]")) {
    const seconds = Math.max(0, Number(left.dataset.left) - 1);
    left.dataset.left = seconds;
    left.textContent = `${seconds} s`;
    if (!seconds) refresh();
  }
}, 1000);
$(".ticketing .crossing")?.scrollIntoView({ block: "center" });

// The now line moves once a minute.
if ($(".pl-n") && !$(".signin")) setInterval(refresh, 60_000);

// Drafts stay on this device, and on the server for those who answer, until what was sent has arrived.
const csrf = () => $("input[name=csrf]")?.value ?? "";
const clock = () => new Date().toTimeString().slice(0, 5);
if (/[?&]done=/.test(location.search)) quietly(() => {
  for (const key of Object.keys(localStorage).filter((key) => key.startsWith("sent:"))) {
    localStorage.removeItem(key);
    localStorage.removeItem(key.slice(5));
  }
});
for (const form of $$("form[data-draft]")) {
  const name = (field) => `draft:${location.pathname}:${form.dataset.draft}:${field.name}`;
  const fields = $$("textarea, input[type=text], input[type=tel]", form), says = $(".kept", form);
  const onServer = document.body.classList.contains("staff") && form.id === "composer";
  let timer;
  for (const field of fields) {
    const kept = quietly(() => localStorage.getItem(name(field)));
    if (kept && !field.value) field.value = kept;
    field.addEventListener("input", () => {
      quietly(() => field.value ? localStorage.setItem(name(field), field.value) : localStorage.removeItem(name(field)));
      if (says) says.textContent = field.value ? say("Draft kept {1}", clock()) : "";
      if (!onServer) return;
      clearTimeout(timer);
      timer = setTimeout(() => keep(field.value).then((ok) => { if (says && ok && field.value) says.textContent = say("Draft kept here and on the server {1}", clock()); }), 900);
    });
  }
  const keep = (content) => fetch("/drafts", { method: "POST", body: new URLSearchParams({ csrf: csrf(), place: `ticket:${form.dataset.draft}`, content }), keepalive: true }).then((answer) => answer.ok, () => false);
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    if (onServer) keep("");
    for (const field of fields) quietly(() => { if (localStorage.getItem(name(field))) localStorage.setItem("sent:" + name(field), "1"); });
  });
}

// Whatever a form holds is not lost to a dead line; files show how far they are.
function hold(form, text) {
  let says = $(".held", form);
  if (!says) {
    says = document.createElement("p");
    says.className = "held";
    says.setAttribute("role", "alert");
    form.append(says);
  }
  says.textContent = text;
  delete form.dataset.sent;
}
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (!navigator.onLine) { event.preventDefault(); event.stopImmediatePropagation(); hold(form, say("There is no connection. Nothing is lost: send it again when the line is back.")); return; }
  const files = $$("input[type=file]", form).some((input) => input.files.length);
  if (!files || form.dataset.sent) return;
  event.preventDefault();
  form.dataset.sent = "1";
  const bar = document.createElement("progress"), request = new XMLHttpRequest();
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", say("Files on their way"));
  ($(".attach", form) ?? form).append(bar);
  request.upload.onprogress = (step) => { if (step.lengthComputable) bar.value = step.loaded / step.total; };
  request.onerror = () => { bar.remove(); hold(form, say("The line broke. Nothing is lost: send it again.")); };
  request.onload = () => {
    if (request.status < 400) location.assign(request.responseURL);
    else { document.open(); document.write(request.responseText); document.close(); }
  };
  request.open("POST", form.action);
  request.send(new FormData(form, event.submitter));
}, true);
addEventListener("offline", () => offline(true));
addEventListener("online", () => {
  offline(false);
  for (const says of $$(".held")) says.textContent = say("The line is back. Send it now.");
});
// The shell of the pages is kept, and one page for when there is no connection.
if (!$(".offline-page")) navigator.serviceWorker?.register("/service-worker.js").catch(() => {});

// What only a composer needs comes with one.
if ($("#composer")) import(import.meta.url.replace("app.js", "composer.js"));

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
  const label = (n) => n === 0 ? say("Nothing is missing.") : n === 1 ? say("One thing is missing.") : say("{1} things are missing.", n);
  const look = () => {
    let missing = 0;
    for (const check of $$("[data-check]", log)) {
      const field = log.elements[check.dataset.check];
      if (!field) continue;
      const given = field.value.trim() !== "", optional = check.classList.contains("optional");
      check.classList.toggle("given", given);
      $("em", check).textContent = given ? "" : optional ? check.dataset.note ?? say("if you like") : say("missing");
      if (!given && !optional) missing++;
    }
    const text = label(missing), strip = $("[data-strip]");
    if (strip) { strip.hidden = missing === 0; $("b", strip).textContent = text; }
    if (count.textContent !== text) count.textContent = text;
    send.textContent = missing === 0 ? say("Send") : missing === 1 ? say("Send with 1 thing missing") : say("Send with {1} things missing", missing);
  };
  $("[data-strip]")?.addEventListener("click", (event) => {
    const first = $$("[data-check]", log).find((check) => !check.classList.contains("given") && !check.classList.contains("optional"));
    const field = first && log.elements[first.dataset.check];
    if (!field) return;
    event.preventDefault();
    field.focus({ preventScroll: true });
    field.scrollIntoView({ block: "center" });
  });
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

// Tickets that are selected, for an act on all of them. With the shift key all between the last one and this.
let lastPick = null;
function countPicked() {
  const says = $("[data-many] b"), count = $$(".box :checked").length;
  if (says && says.textContent !== String(count)) says.textContent = count;
}
function pick(row, is = !$(".box input", row).checked) {
  $(".box input", row).checked = is;
  lastPick = row.dataset.ref;
  countPicked();
}
document.addEventListener("click", (event) => {
  const box = event.target.closest(".box input"), row = box?.closest(".trow");
  if (!row) return;
  const all = rows(), from = all.findIndex((other) => other.dataset.ref === lastPick), to = all.indexOf(row);
  if (event.shiftKey && from >= 0) for (const one of all.slice(Math.min(from, to), Math.max(from, to) + 1)) $(".box input", one).checked = box.checked;
  pick(row, box.checked);
});
$("#many")?.addEventListener("reset", () => setTimeout(countPicked));
addEventListener("pageshow", countPicked);

// Keys
const rows = () => $$(".trow");
function move(step) {
  const all = rows();
  if (!all.length) return;
  const at = all.findIndex((row) => row.classList.contains("current"));
  const next = all[Math.max(0, Math.min(all.length - 1, at < 0 ? 0 : at + step))];
  all[at]?.classList.remove("current", "settled");
  next.classList.add("current");
  next.scrollIntoView({ block: "nearest" });
  // Whoever rests on a row is likely to open it: the browser makes it ready.
  clearTimeout(settling);
  settling = setTimeout(() => next.classList.add("settled"), 150);
}
let settling;
function write(visibility) {
  const radio = $(`#composer [name=visibility][value=${visibility}]`), body = $("#composer textarea");
  if (!body) return false;
  if (radio?.type === "radio") radio.checked = true;
  body.focus();
  return true;
}
const go = (path) => { if ($(`#nav a[href="${path}"]`)) location.href = path; };
const keys = {
  j: [say("Next ticket"), () => move(1)], k: [say("Previous ticket"), () => move(-1)],
  Enter: [say("Open the ticket"), () => $(".trow.current .what a")?.click()],
  x: [say("Select the ticket"), () => { const row = $(".trow.current"); if (row && $("#many")) pick(row); }],
  r: [say("Reply to the client"), () => write("public")], n: [say("Internal note"), () => write("internal")],
  s: [say("Suspend"), null], e: [say("Resolve"), null], a: [say("Assign"), null], v: [say("Change severity"), null], p: [say("Propose a date"), null],
  c: [say("Log a ticket"), () => { if ($(".staff")) location.href = "/tickets/new"; }], "/": [say("Find"), () => $("#find")?.focus()], d: [say("My day"), () => go("/my-day")], o: [say("Now"), () => go("/now")], l: [say("Promised next"), () => go("/tickets")],
  z: [say("Take the answer back"), null], u: [say("Back to the list"), () => $(".bar .back")?.click()], "?": [say("All keys"), help],
};
function help() {
  const dialog = document.createElement("dialog");
  dialog.className = "sheet-keys";
  dialog.setAttribute("aria-label", say("Keys"));
  const title = document.createElement("h2");
  title.textContent = say("Keys");
  dialog.append(title);
  for (const [name, [says]] of Object.entries({ ...keys, "Ctrl K": [say("Find or do")], "Ctrl ↵": [say("Send")], Esc: [say("Close")] })) {
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

// The palette: every act of this page, every place, and what the desk finds.
function palette() {
  if ($(".palette")) return;
  const dialog = document.createElement("dialog"), input = document.createElement("input"), list = document.createElement("ul");
  dialog.className = "palette";
  dialog.setAttribute("aria-label", say("Find or do"));
  Object.assign(input, { type: "search", placeholder: say("Find or do"), autocomplete: "off" });
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "true", "aria-controls": "found", "aria-label": say("Find or do") })) input.setAttribute(name, value);
  list.id = "found";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", say("Found"));
  dialog.append(input, list);
  const acts = [
    ...$$(".bar details.pop[data-key] > summary").map((summary) => ({ title: summary.firstChild.textContent.trim(), group: say("Here"), key: summary.parentElement.dataset.key.toUpperCase(), go: () => { summary.parentElement.open = true; } })),
    ...($("#composer [value=public]") ? [{ title: say("Reply to the client"), group: say("Here"), key: "R", go: () => write("public") }] : []),
    ...($("#composer [value=internal]") ? [{ title: say("Internal note"), group: say("Here"), key: "N", go: () => write("internal") }] : []),
    ...$$("#nav a[href], .top nav a[href]").filter((link) => !link.matches(".side-close, .mark")).map((link) => ({ title: ($("span", link) ?? link).textContent.trim(), group: say("Go to"), go: () => link.click() })),
    ...($("body.staff") ? [{ title: say("Log a ticket"), group: say("Go to"), key: "C", go: () => { location.href = "/tickets/new"; } }, { title: say("All keys"), group: say("Go to"), key: "?", go: help }] : []),
  ];
  let found = [], shown = [], at = 0, asked = 0;
  const choose = (item) => { dialog.close(); item?.go ? item.go() : item && (location.href = item.href); };
  const draw = () => {
    const words = input.value.trim().toLowerCase();
    shown = [...acts.filter((item) => item.title.toLowerCase().includes(words)).slice(0, words ? 8 : 14), ...found];
    at = Math.max(0, Math.min(at, shown.length - 1));
    let group = "";
    list.replaceChildren(...shown.flatMap((item, index) => {
      const rows = [];
      if (item.group !== group) {
        group = item.group;
        const head = document.createElement("li");
        head.className = "group";
        head.setAttribute("role", "presentation");
        head.textContent = group;
        rows.push(head);
      }
      const row = document.createElement("li"), note = document.createElement(item.key ? "kbd" : "small");
      row.setAttribute("role", "option");
      row.id = `option-${index}`;
      row.setAttribute("aria-selected", String(index === at));
      note.textContent = item.key ?? item.note ?? "";
      row.append(item.title, note);
      row.addEventListener("click", () => choose(item));
      rows.push(row);
      return rows;
    }));
    if (!shown.length) {
      const none = document.createElement("li");
      none.className = "group";
      none.setAttribute("role", "presentation");
      none.textContent = say("Nothing is called that.");
      list.replaceChildren(none);
    }
    input.setAttribute("aria-activedescendant", shown.length ? `option-${at}` : "");
    $(`#option-${at}`, list)?.scrollIntoView({ block: "nearest" });
  };
  let timer;
  input.addEventListener("input", () => {
    at = 0;
    draw();
    clearTimeout(timer);
    const words = input.value.trim(), mine = ++asked;
    if (!words) { found = []; return draw(); }
    timer = setTimeout(async () => {
      const answer = await fetch(`/palette?q=${encodeURIComponent(words)}`, { headers: { Accept: "application/json" } }).then((response) => response.json(), () => ({ items: [] }));
      if (mine !== asked) return;
      found = answer.items.map((item) => ({ ...item, group: say("Found") }));
      draw();
    }, 80);
  });
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) { at = (at + step + shown.length) % Math.max(1, shown.length); draw(); event.preventDefault(); }
    if (event.key === "Enter") { choose(shown[at]); event.preventDefault(); }
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  draw();
}
$(".find input")?.setAttribute("placeholder", say("Find, or Ctrl K"));

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); palette(); return; }
  const typing = event.target.closest?.("input:not([type=radio]):not([type=checkbox]), textarea, select, dialog");
  if (event.key === "Escape") {
    const open = $$(".pop[open]");
    for (const pop of open) { pop.open = false; $("summary", pop).focus(); }
    if (!open.length && !typing) $("#many")?.reset();
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
  const button = event.key === "z" && $('form[data-key="z"] button');
  if (button) { button.click(); event.preventDefault(); return; }
  const act = /^[a-z]$/.test(event.key) && $(`details[data-key="${event.key}"]`);
  if (act && act.closest("#many") && !$(".box :checked")) {
    // Without a selection the ticket under the keyboard is meant.
    if (!$(".trow.current")) return;
    pick($(".trow.current"), true);
  }
  if (act) { act.open = true; event.preventDefault(); return; }
  const entry = keys[event.key];
  if (entry?.[1]) { entry[1](); event.preventDefault(); }
});
