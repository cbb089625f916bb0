// The scoreboard: what is past its date by the reader's clock, and the choice of claims, kept after the # of the address.
// Rows are treated as they are read, before the page is drawn, so that nothing moves.
(() => {
  "use strict";
  const two = number => String(number).padStart(2, "0");
  const now = new Date();
  const today = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  const all = selector => [...document.querySelectorAll(selector)];
  const say = (node, text) => { if (node.textContent !== text) node.textContent = text; };

  function flag() {
    for (const node of all("[data-expires]:not(.past)")) {
      if (node.dataset.expires >= today) continue;
      node.classList.add("past");
      if (node.dataset.past) say(node, node.dataset.past);
      const row = node.closest("tr.claim");
      if (row) row.dataset.again = "now";
    }
  }

  function recall() {
    const kept = new URLSearchParams(location.hash.slice(1));
    for (const select of all(".choose select")) {
      const value = kept.get(select.name) ?? "";
      select.value = [...select.options].some(option => option.value === value) ? value : "";
    }
  }

  function show() {
    const selects = all(".choose select"), rows = all(".scoreboard tr.claim");
    const fits = (row, but) => selects.every(s => s === but || !s.value || row.dataset[s.name] === s.value);
    for (const row of rows) row.hidden = !fits(row);
    for (const body of all(".scoreboard tbody")) body.hidden = !body.querySelector("tr.claim:not([hidden])");
    for (const select of selects) {
      const others = rows.filter(row => fits(row, select));
      for (const option of select.options) {
        const count = others.filter(row => !option.value || row.dataset[select.name] === option.value).length;
        say(option, `${option.dataset.label} (${count})`);
      }
    }
    const shown = rows.filter(row => !row.hidden).length;
    for (const table of all(".scoreboard table")) table.hidden = rows.length > 0 && !shown;
    for (const note of all(".scoreboard .nothing")) note.hidden = rows.length === 0 || shown > 0;
    for (const output of all(".choose output")) {
      const count = shown === rows.length ? `${shown}` : `${shown || "none"} of ${rows.length}`;
      say(output, `${count} claim${rows.length === 1 ? "" : "s"}`);
    }
  }

  // Choices made one after the other in the same list, as the arrow keys do, are one step for the back button.
  let last = null;
  function keep(by) {
    const chosen = all(".choose select").filter(select => select.value).map(select => [select.name, select.value]);
    const hash = new URLSearchParams(chosen).toString();
    const address = location.href.split("#")[0] + (hash && `#${hash}`);
    if (address === location.href) return;
    history[by && by === last ? "replaceState" : "pushState"](null, "", address);
    last = by;
  }

  // On a phone the choice is folded, unless there is one.
  const PHONE = matchMedia("(max-width: 36rem)");
  function fold() {
    const chosen = all(".choose select").some(select => select.value);
    for (const details of all(".fold")) details.open = !PHONE.matches || chosen;
  }

  let folded = false;
  const reader = new MutationObserver(() => {
    flag();
    recall();
    show();
    if (!folded && document.querySelector(".fold output")) {
      fold();
      folded = true;
    }
    reader.takeRecords();
  });
  reader.observe(document, {childList: true, subtree: true});

  document.addEventListener("DOMContentLoaded", () => {
    reader.disconnect();
    flag();
    const form = document.querySelector(".choose");
    if (!form) return;
    recall();
    show();
    fold();
    PHONE.addEventListener("change", fold);
    form.addEventListener("change", event => { show(); keep(event.target); });
    form.addEventListener("focusout", () => { last = null; });
    form.addEventListener("submit", event => event.preventDefault());
    form.addEventListener("reset", event => {
      event.preventDefault();
      for (const select of all(".choose select")) select.value = "";
      show();
      keep(null);
    });
    addEventListener("popstate", () => { last = null; recall(); show(); });
  });
})();
