"use strict";
(() => {
  const MAX_HITS = 2000;
  const root = document.documentElement;
  const main = document.querySelector("main");
  const find = (selector) => document.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const rowOf = (node) => (node.nodeType === 1 ? node : node.parentElement)?.closest(".row") ?? null;

  // Languages

  const toggles = all(".languages button");
  const isShown = (index) => !root.classList.contains(`h${index}`);
  const indexOf = (cell) => Number(/(?:^| )l(\d+)(?: |$)/.exec(cell.className)?.[1] ?? -1);

  function showLanguages() {
    const shown = toggles.filter((_, index) => isShown(index)).length;
    toggles.forEach((toggle, index) => toggle.setAttribute("aria-pressed", String(isShown(index))));
    root.className = root.className.replace(/(^| )v\d+/, `$1v${shown}`);
    nameOutline();
  }

  // The outline is in the first language that is shown.
  function nameOutline() {
    for (const link of all(".outline a")) {
      const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      const cells = target ? all(".row > [lang]", target.querySelector(".row").parentElement) : [];
      const row = cells.length ? cells[0].parentElement : null;
      const heading = cells.filter((cell) => cell.parentElement === row && cell.querySelector("h2,h3,h4,h5,h6"));
      const cell = heading.find((each) => isShown(indexOf(each))) ?? heading[0];
      if (cell) {
        link.textContent = cell.querySelector("h2,h3,h4,h5,h6").textContent;
        link.lang = cell.lang;
        link.dir = cell.dir;
      }
    }
  }

  toggles.forEach((toggle, index) => {
    toggle.addEventListener("click", () => {
      const isLast = isShown(index) && toggles.every((_, other) => other === index || !isShown(other));
      if (isLast) return;
      const row = topRow();
      const before = row?.getBoundingClientRect().top;
      root.classList.toggle(`h${index}`);
      showLanguages();
      if (row) scrollBy({ top: row.getBoundingClientRect().top - before, behavior: "instant" });
    });
  });

  function topRow() {
    const below = find(".bar").getBoundingClientRect().bottom + 8;
    const box = main.getBoundingClientRect();
    for (const x of [0.25, 0.75]) {
      const row = document.elementFromPoint(box.left + box.width * x, below)?.closest(".row");
      if (row) return row;
    }
    return null;
  }

  // The counterpart of a block in the languages that are not shown: in the row itself if it has the focus, else above
  // the text below it, as long as the pointer is there.

  const peek = document.createElement("div");
  peek.className = "peek";
  peek.hidden = true;
  peek.setAttribute("aria-hidden", "true");
  document.body.append(peek);
  let peekTimer = 0;

  function hiddenCells(row) {
    return [...row.children].filter((cell) => cell.lang && !cell.matches(".none") && !isShown(indexOf(cell)));
  }

  function showPeek(row) {
    const cells = row.matches(":focus, .open") ? [] : hiddenCells(row);
    peek.hidden = !cells.length;
    peek.replaceChildren(...cells.map(copyOf));
    const box = row.getBoundingClientRect();
    const isBelow = box.bottom + peek.offsetHeight < innerHeight || box.top < peek.offsetHeight + 60;
    const top = isBelow ? box.bottom + 4 : box.top - peek.offsetHeight - 4;
    peek.style.cssText = `left:${box.left + scrollX}px;top:${top + scrollY}px;width:${box.width}px`;
  }

  function copyOf(cell) {
    const copy = document.createElement("div");
    copy.lang = cell.lang;
    copy.dir = cell.dir;
    copy.append(...[...cell.childNodes].map((node) => node.cloneNode(true)));
    all("[id]", copy).forEach((each) => each.removeAttribute("id"));
    return copy;
  }

  main.addEventListener("pointerover", (event) => {
    clearTimeout(peekTimer);
    const row = rowOf(event.target);
    if (event.pointerType !== "mouse" || !row) peek.hidden = true;
    else peekTimer = setTimeout(showPeek, peek.hidden ? 350 : 60, row);
  });
  main.addEventListener("pointerleave", () => {
    clearTimeout(peekTimer);
    peek.hidden = true;
  });

  function focusRow(row) {
    peek.hidden = true;
    row.tabIndex = -1;
    row.focus({ preventScroll: true });
  }

  main.addEventListener("click", (event) => {
    const row = rowOf(event.target);
    const isControl = event.target.closest("a, summary, button, [tabindex='0']");
    if (row && !isControl && hiddenCells(row).length && getSelection().isCollapsed) focusRow(row);
  });

  function step(offset) {
    const rows = all("main .row");
    const current = rowOf(document.activeElement);
    const at = current ? rows.indexOf(current) + offset : rows.indexOf(topRow());
    const row = rows[Math.max(0, Math.min(at, rows.length - 1))];
    if (!row) return;
    focusRow(row);
    reveal(row, "nearest");
  }

  // A section is laid out when it comes into view, and what it moves then is put back.
  function reveal(node, block, attempts = 4) {
    node.scrollIntoView({ block, behavior: "instant" });
    const top = node.getBoundingClientRect().top;
    requestAnimationFrame(() => requestAnimationFrame(() => {
      if (attempts && Math.abs(node.getBoundingClientRect().top - top) > 1) reveal(node, block, attempts - 1);
    }));
  }

  function followHash() {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && main.contains(target)) reveal(target, "start");
  }

  // Search. A text and a query are folded alike: no case, no accents. Positions in a folded text are mapped to the page
  // by folding character by character, only in the cells with hits.

  const field = find(".search input");
  const count = find(".search output");
  const LETTERS = { ł: "l", ø: "o", đ: "d", ð: "d", æ: "ae", œ: "oe", ı: "i", ß: "ss", ς: "σ" };
  const MARKS = /[\u0300-\u036f\u0591-\u05bd\u0640\u064b-\u065f]/g;
  const canHighlight = typeof Highlight === "function" && CSS.highlights;
  if (canHighlight) {
    const sheet = document.styleSheets[0];
    sheet.insertRule("::highlight(hit) { background: var(--hit); color: var(--hit-text) }", sheet.cssRules.length);
    sheet.insertRule("::highlight(current) { background: var(--current); color: #1f1d1a }", sheet.cssRules.length);
  }
  let index = null; // [cell, folded text], made by the first search
  let hits = []; // ranges, in reading order
  let current = -1;
  let opened = null; // the row that was opened to show a hit
  let searchTimer = 0;

  function fold(text) {
    const lower = text.toLowerCase();
    if (/^[\x00-\x7f]*$/.test(lower)) return lower;
    return lower.normalize("NFD").replace(MARKS, "").replace(/[łøđðæœıßς]/g, (letter) => LETTERS[letter]);
  }

  function search() {
    const query = fold(field.value.trim());
    index ??= all(".row > *", main).map((cell) => [cell, fold(cell.textContent)]);
    hits = [];
    let isMore = false;
    for (const [cell, text] of query ? index : []) {
      const starts = [];
      for (let at = text.indexOf(query); at >= 0; at = text.indexOf(query, at + query.length)) starts.push(at);
      if (!starts.length) continue;
      if (hits.length + starts.length > MAX_HITS) {
        isMore = true;
        break;
      }
      hits.push(...rangesIn(cell, starts, query.length));
    }
    current = -1;
    highlight("hit", hits);
    highlight("current", []);
    if (hits.length) go(firstBelow());
    else closeOpened();
    count.dataset.more = isMore ? "+" : "";
    showCount(query);
  }

  function rangesIn(cell, starts, length) {
    const edges = starts.flatMap((start) => [start, start + length]);
    const points = [];
    const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    let folded = 0;
    for (let node = walker.nextNode(); node && points.length < edges.length; node = walker.nextNode()) {
      let offset = 0;
      for (const character of node.data) {
        const size = fold(character).length;
        // A start is before its character, an end behind the one that it is in or after.
        while (points.length < edges.length) {
          const isStart = points.length % 2 === 0;
          const edge = edges[points.length];
          if (isStart ? folded + size <= edge : folded + size < edge) break;
          points.push([node, isStart ? offset : offset + character.length]);
        }
        folded += size;
        offset += character.length;
      }
    }
    const ranges = [];
    for (let at = 0; at + 1 < points.length; at += 2) {
      const range = document.createRange();
      range.setStart(...points[at]);
      range.setEnd(...points[at + 1]);
      ranges.push(range);
    }
    return ranges;
  }

  function highlight(name, ranges) {
    if (!canHighlight) return;
    const found = new Highlight(...ranges);
    found.priority = name === "current" ? 1 : 0;
    CSS.highlights.set(name, found);
  }

  function firstBelow() {
    const row = topRow();
    const at = row ? hits.findIndex((hit) => row.contains(hit.startContainer) || isAfter(row, hit)) : 0;
    return Math.max(0, at);
  }

  function isAfter(row, hit) {
    return Boolean(row.compareDocumentPosition(hit.startContainer) & Node.DOCUMENT_POSITION_FOLLOWING);
  }

  function closeOpened() {
    opened?.classList.remove("open");
    opened = null;
  }

  function go(to) {
    if (!hits.length) return;
    current = (to + hits.length) % hits.length;
    const hit = hits[current];
    const row = rowOf(hit.startContainer);
    if (row !== opened) {
      closeOpened();
      opened = row;
      row.classList.add("open");
    }
    highlight("current", [hit]);
    reveal(hit.startContainer.parentElement, "center");
    showCount(true);
  }

  function showCount(isQuery) {
    const { found, none, more } = count.dataset;
    const text = found.replace("{current}", current + 1).replace("{count}", `${hits.length}${more}`);
    count.textContent = !isQuery ? "" : hits.length ? text : none;
    all(".step").forEach((button) => {
      button.disabled = !hits.length;
    });
  }

  function clearSearch() {
    field.value = "";
    search();
    field.blur();
  }

  field.addEventListener("input", () => {
    clearTimeout(searchTimer);
    searchTimer = setTimeout(search, 120);
  });
  find(".search").addEventListener("submit", (event) => event.preventDefault());
  find(".previous").addEventListener("click", () => go(current - 1));
  find(".next").addEventListener("click", () => go(current + 1));

  // Keys

  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    clearTimeout(searchTimer);
    if (current < 0) search();
    else go(current + (event.shiftKey ? -1 : 1));
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape") {
      peek.hidden = true;
      if (rowOf(document.activeElement)) document.activeElement.blur();
      if (field.value) clearSearch();
      else field.blur();
    } else if (event.target.closest("input, textarea, select")) {
      return;
    } else if (event.key === "/") {
      event.preventDefault();
      field.focus();
      field.select();
    } else if (event.key === "j" || event.key === "k") {
      step(event.key === "j" ? 1 : -1);
    }
  });

  // Light and dark

  find(".theme").addEventListener("click", () => {
    const isDark = getComputedStyle(root).colorScheme === "light dark"
      ? matchMedia("(prefers-color-scheme: dark)").matches
      : root.style.colorScheme === "dark";
    root.style.colorScheme = isDark ? "light" : "dark";
  });

  // Outline

  const outline = find(".outline > details");
  const wide = matchMedia("(min-width: 64rem)");
  const links = new Map(all(".outline a").map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
  outline.open = wide.matches;
  wide.addEventListener("change", () => {
    outline.open = wide.matches;
  });
  outline.addEventListener("click", (event) => {
    if (event.target.closest("a") && !wide.matches) outline.open = false;
  });

  let marked = null;
  function markSection(section) {
    const article = section.closest("article").id;
    const own = links.get(section.id);
    const isShown = own && !own.closest("ol details:not([open])");
    const link = isShown ? own : links.get(article) ?? own;
    if (!link || link === marked) return;
    marked?.removeAttribute("aria-current");
    marked = link;
    link.setAttribute("aria-current", "true");
    if (wide.matches && outline.open) link.scrollIntoView({ block: "nearest" });
  }

  const observer = new IntersectionObserver((entries) => {
    const entry = entries.find((each) => each.isIntersecting);
    if (entry) markSection(entry.target);
  }, { rootMargin: "-15% 0px -80% 0px" });
  all("main section, main article > header").forEach((section) => observer.observe(section));

  addEventListener("hashchange", followHash);
  addEventListener("load", followHash);
  find(".tools").hidden = false;
  showCount(false);
})();
