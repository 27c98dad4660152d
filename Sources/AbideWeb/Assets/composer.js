// The composer: canned answers and macros, colleagues and files. app.js fetches it where there is one.

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

const words = JSON.parse($("#words")?.textContent ?? "{}");
const say = (text, ...holes) => (words[text] ?? text).replace(/\{(\d)\}/g, (_, number) => holes[number - 1]);

// A canned answer goes where the cursor is; what a macro does with it is said, and can be left out.
function insert(from, body, start = body.selectionStart) {
  body.setRangeText(from.dataset.insert, start, body.selectionEnd, "end");
  const place = $("[data-with]"), box = place && $("input", place);
  if (box && from.dataset.macro) {
    box.value = from.value;
    box.checked = true;
    $("span", place).textContent = say("Sending it {1}", from.dataset.macro);
    place.hidden = false;
  }
  body.dispatchEvent(new Event("input", { bubbles: true }));
  body.focus();
}
document.addEventListener("click", (event) => {
  const from = event.target.closest("[data-insert]"), body = $("#composer textarea");
  if (!from || !body) return;
  event.preventDefault();
  from.closest("details").open = false;
  insert(from, body);
});

// `/` at the start of a line offers canned answers, `@` in a note colleagues.
{
  const body = $(".staff #composer textarea");
  let list = null, items = [], at = 0, start = 0;
  const close = () => { list?.remove(); list = null; body.removeAttribute("aria-activedescendant"); };
  const take = (item) => {
    close();
    if (item.from) insert(item.from, body, start);
    else {
      body.setRangeText(`@${item.title} `, start, body.selectionEnd, "end");
      body.dispatchEvent(new Event("input", { bubbles: true }));
      body.focus();
    }
  };
  const draw = () => {
    list ??= document.createElement("ul");
    list.className = "suggest";
    list.id = "suggested";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", say("Suggestions"));
    list.replaceChildren(...items.map((item, index) => {
      const row = document.createElement("li");
      row.setAttribute("role", "option");
      row.id = `suggest-${index}`;
      row.setAttribute("aria-selected", String(index === at));
      row.textContent = item.title;
      row.addEventListener("pointerdown", (event) => { event.preventDefault(); take(item); });
      return row;
    }));
    body.setAttribute("aria-activedescendant", `suggest-${at}`);
    if (!list.isConnected) body.after(list);
  };
  const look = () => {
    const before = body.value.slice(0, body.selectionStart);
    const canned = /(?:^|\n)\/([^\n]{0,40})$/.exec(before), call = $("#composer [value=internal]:checked") && /(?:^|[\s(])@([\p{L}\p{N} .'-]{0,40})$/u.exec(before);
    const words = (canned ?? call)?.[1].toLowerCase();
    items = canned ? $$("#composer [data-insert]").map((from) => ({ title: from.firstChild.textContent, from }))
      : call ? (body.form.dataset.people ?? "").split("|").filter(Boolean).map((title) => ({ title })) : [];
    items = items.filter((item) => item.title.toLowerCase().split(" ").some((word, index, all) => all.slice(index).join(" ").startsWith(words))).slice(0, 8);
    if (!items.length || (call && !canned && items.length === 1 && items[0].title.toLowerCase() === words.trim())) { if (list) close(); return; }
    start = body.selectionStart - (canned ?? call)[1].length - 1;
    at = 0;
    draw();
  };
  body?.addEventListener("input", look);
  body?.addEventListener("blur", () => list && close());
  body?.addEventListener("keydown", (event) => {
    if (!list) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) { at = (at + step + items.length) % items.length; draw(); event.preventDefault(); }
    else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab") { take(items[at]); event.preventDefault(); }
    else if (event.key === "Escape") { close(); event.preventDefault(); event.stopPropagation(); }
  });
}

// Files can be dropped on the composer and pasted into it; what is chosen is shown before it is sent.
{
  const form = $("#composer"), input = form && $("input[type=file]", form);
  const add = (files) => {
    const all = new DataTransfer();
    for (const file of [...input.files, ...files]) all.items.add(file);
    input.files = all.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const draw = () => {
    $(".chosen-files", form)?.remove();
    if (!input.files.length) return;
    const list = document.createElement("ul");
    list.className = "chosen-files";
    list.append(...[...input.files].map((file, index) => {
      const row = document.createElement("li"), off = document.createElement("button");
      if (/^image\/(png|jpeg|gif|webp)$/.test(file.type) && file.size < 8e6) {
        const picture = document.createElement("img"), reader = new FileReader();
        picture.alt = "";
        reader.onload = () => { picture.src = reader.result; };
        reader.readAsDataURL(file);
        row.append(picture);
      }
      Object.assign(off, { type: "button", className: "quiet", textContent: "×" });
      off.setAttribute("aria-label", say("Leave {1} out", file.name));
      off.addEventListener("click", () => {
        const rest = new DataTransfer();
        [...input.files].forEach((one, place) => place !== index && rest.items.add(one));
        input.files = rest.files;
        draw();
      });
      row.append(`${file.name} `, off);
      return row;
    }));
    input.closest(".row").after(list);
  };
  input?.addEventListener("change", draw);
  form?.addEventListener("paste", (event) => { if (input && event.clipboardData?.files.length) { event.preventDefault(); add(event.clipboardData.files); } });
  for (const name of ["dragover", "dragleave", "drop"]) form?.addEventListener(name, (event) => {
    if (!input || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    form.classList.toggle("dropping", name === "dragover");
    if (name === "drop") add(event.dataTransfer.files);
  });
}

// Markdown as its reader will see it, while it is written.
{
  const form = $("#composer"), button = form && $("[data-preview]", form), body = form && $("textarea", form);
  let shown = null, timer;
  const draw = async () => {
    const answer = await fetch("/drafts/preview", { method: "POST", body: new URLSearchParams({ csrf: $("input[name=csrf]", form).value, body: body.value }) }).then((response) => response.ok ? response.json() : null, () => null);
    // Sanitised by the desk, as every message is.
    if (shown && answer) shown.innerHTML = answer.html || "<p class=dim>" + say("Nothing is written yet.") + "</p>";
  };
  button?.addEventListener("click", () => {
    button.setAttribute("aria-expanded", String(!shown));
    if (shown) { shown.remove(); shown = null; return; }
    shown = document.createElement("div");
    shown.className = "previewed body";
    shown.setAttribute("role", "region");
    shown.setAttribute("aria-label", say("Preview"));
    body.after(shown);
    draw();
  });
  body?.addEventListener("input", () => { if (!shown) return; clearTimeout(timer); timer = setTimeout(draw, 250); });
}
