// Values of the ledger in prose: their note opens with the pointer or the focus, stays while either is there, and goes
// with Escape. On a wide page it stands at its value, on a narrow one at the edge of the window. Where nothing hovers, the
// first tap opens it, with the card's address in it; the second follows the value's link, and one elsewhere closes it.
(() => {
  "use strict";
  const WIDE = matchMedia("(min-width: 992px)");
  const PATIENCE = 300; // milliseconds in which the pointer may cross from the value to its note
  const TOUCH = matchMedia("(hover: none)");
  let open = null, tapped = null, timer = 0;

  function place() {
    const note = open.querySelector(".claim-note"), link = open.querySelector("a");
    const at = link.getBoundingClientRect(), left = link.getClientRects()[0].left;
    note.style.left = note.style.top = "";
    const below = innerHeight - at.bottom, height = note.offsetHeight;
    if (WIDE.matches) {
      const room = document.documentElement.clientWidth - note.offsetWidth - 16;
      note.style.left = `${Math.max(16, Math.min(left - 14, room))}px`;
      note.style.top = `${below > height + 8 ? at.bottom + 4 : Math.max(0, at.top - height - 4)}px`;
    } else if (below < height) {
      note.style.top = "0";
    }
  }

  function hide() {
    clearTimeout(timer);
    if (open) open.classList.remove("shown");
    open = tapped = null;
  }

  function show(value) {
    clearTimeout(timer);
    if (value === open) return;
    hide();
    open = value;
    open.classList.add("shown");
    place();
  }

  function leave() {
    clearTimeout(timer);
    timer = setTimeout(() => { if (open && !open.matches(":hover, :focus-within")) hide(); }, PATIENCE);
  }

  function tap(event, value) {
    if (!TOUCH.matches || !event.detail || tapped === value) return; // without detail, the click is a key's
    event.preventDefault();
    const note = value.querySelector(".claim-note"), link = value.querySelector("a");
    if (!note.querySelector("a")) {
      const card = note.appendChild(document.createElement("a"));
      card.href = link.href;
      card.textContent = `The card of ${value.dataset.claim}`;
      note.setAttribute("role", "note"); // a tooltip holds no link
    }
    show(value);
    place();
    tapped = value;
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const value of document.querySelectorAll(".claim-value")) {
      value.addEventListener("mouseenter", () => show(value));
      value.addEventListener("mouseleave", leave);
      value.addEventListener("focusin", () => show(value));
      value.addEventListener("focusout", leave);
      value.querySelector("a").addEventListener("click", event => tap(event, value));
    }
    document.addEventListener("pointerup", event => { if (open && TOUCH.matches && !open.contains(event.target)) hide(); });
    document.addEventListener("keydown", event => { if (event.key === "Escape") hide(); });
    for (const moved of ["scroll", "resize"]) addEventListener(moved, () => { if (open) place(); }, {passive: true});
  });
})();
