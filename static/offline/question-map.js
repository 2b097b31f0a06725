// The map of the questions beside the working page: where one is, what is still to do, a search, and the way to each
// question.
"use strict";
(() => {
  const app = window.carequality;
  const { el, paragraph, label, checkbox, button } = app.elements;
  const { many } = app.words;
  const WIDE = window.matchMedia("(min-width: 48.0625em)");

  // Goes to a question, a note or a file, wherever it is: out of the map's dialog, and past what a search has hidden.
  function jump(holder) {
    document.querySelector("dialog[open]")?.close();
    holder.hidden = false;
    for (let part = holder.closest("[data-part]"); part; part = part.parentElement.closest("[data-part]")) {
      part.hidden = false;
    }
    holder.scrollIntoView({ block: "start" });
    // Focus would scroll once more, and put the place beneath the bar.
    holder.focus({ preventScroll: true });
  }

  function filter(opened, text, isOnlyGaps) {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { question, holder, lacks } of opened.questions) {
      const all = `${question.number} ${question.text} ${question.guidance}`.toLowerCase();
      holder.hidden = (isOnlyGaps && !lacks) || !words.every((word) => all.includes(word));
      shown += holder.hidden ? 0 : 1;
    }
    // A section or standard of which no question is shown goes too, with its heading.
    for (const part of document.querySelectorAll("[data-part]")) {
      part.hidden = [...part.querySelectorAll(".cq-question")].every((holder) => holder.hidden);
    }
    return words.length || isOnlyGaps ? `${many(shown, "question", "questions")} shown.` : "";
  }

  // Shows which question is before the eyes: the one in the band a little above the middle of the window.
  function follow(chips) {
    const mark = ({ target, isIntersecting }) => chips.get(target).classList.toggle("cq-chip--here", isIntersecting);
    const observer = new IntersectionObserver((seen) => seen.forEach(mark), { rootMargin: "-30% 0px -60% 0px" });
    chips.forEach((_chip, holder) => observer.observe(holder));
    return observer;
  }

  function sectionChips({ title, standards }) {
    const entries = standards.flatMap((standard) => standard.entries);
    const chips = entries.map((entry) => el("li", {}, entry.chip));
    return [
      el("h3", { class: "govuk-heading-s govuk-!-margin-bottom-1" }, title),
      el("ul", { class: "cq-map__chips" }, chips),
    ];
  }

  // One stop of the Tab key for all of the chips: the arrows go from one to the next, Home and End to the ends.
  function oneStop(chips) {
    chips.forEach((chip, place) => {
      chip.tabIndex = place === 0 ? 0 : -1;
      chip.addEventListener("focus", () => {
        for (const each of chips) {
          each.tabIndex = each === chip ? 0 : -1;
        }
      });
    });
    const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity };
    return (event) => {
      const at = chips.indexOf(event.target);
      if (at >= 0 && event.key in steps && !event.altKey && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        chips[Math.max(0, Math.min(chips.length - 1, at + steps[event.key]))].focus();
      }
    };
  }

  function create(opened, sections) {
    const gaps = el("p", { class: "govuk-body cq-map__key" });
    const found = paragraph();
    found.setAttribute("role", "status");
    const search = el("input", { class: "govuk-input", type: "search", id: "search", autocomplete: "off" });
    const look = () => {
      found.textContent = filter(opened, search.value, onlyGaps.box.checked);
    };
    const onlyGaps = checkbox("gaps-only", "Show only questions still to do", look);
    search.addEventListener("input", look);
    const element = el(
      "nav",
      { class: "cq-work__map", "aria-label": "Questions" },
      el("h2", { class: "govuk-heading-m" }, "Questions"),
      el("div", { class: "govuk-form-group govuk-!-margin-bottom-2" }, label("search", "Search the questions"), search),
      onlyGaps.group,
      gaps,
      found,
      sections.map(sectionChips),
    );
    element.addEventListener("keydown", oneStop(opened.questions.map(({ chip }) => chip)));
    return {
      element,
      search,
      count() {
        const lacking = opened.questions.filter((entry) => entry.lacks).length;
        const toDo = `${many(lacking, "question", "questions")} still to do.`;
        gaps.textContent = lacking ? toDo : "Every question is answered.";
      },
      follow: () => follow(new Map(opened.questions.map(({ holder, chip }) => [holder, chip]))),
    };
  }

  // On a narrow screen the map comes in a dialog over the page, and goes back to its place when that is closed: there
  // is one map only, so that its search and its marks are the same in both.
  function openInDialog({ element }) {
    const home = element.parentElement;
    const box = app.dialogs.open(
      "Go to a question",
      element,
      button("Close", () => box.close(), "secondary"),
    );
    box.addEventListener("close", () => home.append(element));
  }

  // To the search and the map, from wherever one is: beside the questions on a wide screen, else in the dialog.
  function go(map) {
    if (!WIDE.matches && !map.element.closest("dialog")) {
      openInDialog(map);
    }
    map.search.focus();
    map.search.select();
  }

  // `current` gives the map that is shown, if any is.
  function listen(current) {
    const goThere = (event) => {
      if (current()) {
        event.preventDefault();
        go(current());
      }
    };
    document.addEventListener("keydown", (event) => event.altKey && event.code === "KeyQ" && goThere(event));
    document.getElementById("skip-to-questions").addEventListener("click", goThere);
  }

  Object.assign(app, { jump, questionMap: { create, openInDialog, go, listen } });
})();
