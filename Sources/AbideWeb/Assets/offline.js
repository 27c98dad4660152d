// The page that stands in for another one while there is no connection: what is kept on this device, and the way back.
const list = document.querySelector("[data-drafts]"), again = document.querySelector("[data-again]"), says = document.querySelector("[data-says]");

const drafts = [];
try {
  for (const key of Object.keys(localStorage)) {
    const found = /^draft:([^:]*):([^:]*):([^:]*)$/.exec(key);
    if (found && localStorage.getItem(key).trim()) drafts.push({ path: found[1], text: localStorage.getItem(key).trim() });
  }
} catch { /* Nothing is kept where nothing may be. */ }
for (const { path, text } of drafts.slice(0, 20)) {
  const item = document.createElement("li"), place = document.createElement("b"), words = document.createElement("span");
  place.textContent = /ABD-\d+|[A-Z]+-\d+/.exec(path)?.[0] ?? list.dataset.new;
  words.textContent = text.length > 120 ? text.slice(0, 119) + "…" : text;
  item.append(place, words);
  list.append(item);
}
list.closest("section").hidden = !drafts.length;

const back = () => location.reload();
again.addEventListener("click", (event) => { event.preventDefault(); back(); });
addEventListener("online", back);
// A desk that was away, while the device itself was connected all along.
setInterval(async () => {
  try { if ((await fetch("/health/live", { cache: "no-store" })).ok) back(); } catch { says.textContent = says.dataset.says + " " + new Date().toTimeString().slice(0, 5); }
}, 5000);
