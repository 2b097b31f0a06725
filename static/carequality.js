// Brings a page's components to life, and those of every fragment that htmx puts into it.
const addresses = document.documentElement.dataset;
const { initAll } = await import(addresses.govukFrontend);
const ARROW = '<path d="M2 4 L7 10 L12 4 Z"/>';

// More in a list than a person reads: thousands would hold the page up at each letter.
const MOST_SHOWN = 200;

let autocomplete;
let folding;

function script(address) {
  return new Promise((resolve, reject) => {
    const element = document.createElement("script");
    element.src = address;
    element.onload = resolve;
    element.onerror = reject;
    document.head.append(element);
  });
}

function describe(select, input) {
  const described = select.getAttribute("aria-describedby");
  if (described) {
    const own = input.getAttribute("aria-describedby");
    input.setAttribute("aria-describedby", own ? `${described} ${own}` : described);
  }
}

// What is known of the labels of a list: which are found by a text, and which one a text is, in whatever spelling.
function finder(labels, { letters, spellings }) {
  let keys;
  const matching = (text, holds) => {
    keys ??= labels.map(letters);
    const wanted = spellings(text);
    return labels.filter((_, index) => wanted.some((each) => holds(keys[index], each)));
  };
  return {
    found: (text) => (text ? matching(text, (key, each) => key.includes(each)) : labels),
    only: (text) => {
      const same = letters(text) ? matching(text, (key, each) => key === each) : [];
      return same.length === 1 ? same[0] : undefined;
    },
  };
}

// Says below the box that its list goes on.
function shownPart(select) {
  const hint = document.createElement("div");
  hint.className = "govuk-hint cq-list-goes-on";
  hint.setAttribute("aria-live", "polite");
  hint.hidden = true;
  select.after(hint);
  return (shown, all) => {
    hint.hidden = shown === all;
    hint.textContent = hint.hidden
      ? ""
      : `The first ${shown} of ${all.toLocaleString("en-GB")}. Type more of the name.`;
  };
}

function enhance(select, fold) {
  const id = select.id;
  const shown = [...select.options].find((option) => option.value && option.selected);
  const known = [...select.options].filter((option) => option.value && !("typed" in option.dataset));
  const labels = known.map((option) => option.text.trim());
  const names = finder(labels, fold);
  const optionFor = (text) => known[labels.indexOf(labels.includes(text) ? text : names.only(text))];
  // What is in the box counts, not what was chosen before. An unknown text goes to the server as it is, which says
  // by the field that it is not in the list and gives it back.
  const take = (text) => {
    select.querySelectorAll("[data-typed]").forEach((option) => option.remove());
    const option = optionFor(text);
    if (option) {
      option.selected = true;
    } else if (text) {
      const typed = new Option(text, text, true, true);
      typed.dataset.typed = "";
      select.add(typed);
    } else {
      select.value = "";
    }
  };
  const sayShown = shownPart(select);
  select.removeAttribute("data-module");
  window.accessibleAutocomplete.enhanceSelectElement({
    selectElement: select,
    source: (text, populate) => {
      const found = names.found(text);
      const shown = found.slice(0, MOST_SHOWN);
      sayShown(shown.length, found.length);
      populate(shown);
    },
    defaultValue: shown ? shown.text.trim() : "",
    showAllValues: true,
    minLength: 0,
    autoselect: false,
    confirmOnBlur: false,
    onConfirm: (label) => {
      if (label !== undefined) {
        take(label);
      }
    },
    dropdownArrow: ({ className }) =>
      `<svg class="${className}" viewBox="0 0 14 14" focusable="false" aria-hidden="true">${ARROW}</svg>`,
    tNoResults: () => "Nothing found",
  });
  const input = document.getElementById(id);
  describe(select, input);
  if (select.classList.contains("govuk-select--error")) {
    input.classList.add("govuk-input--error");
  }
  input.addEventListener("input", () => take(input.value.trim()));
}

async function searchSelects(scope) {
  const selects = scope.querySelectorAll('select[data-module="carequality-search-select"]');
  if (selects.length === 0) {
    return;
  }
  autocomplete ??= script(addresses.autocomplete);
  folding ??= import(addresses.names).then((names) => names.foldingFrom(addresses.folding));
  await autocomplete;
  const fold = await folding;
  selects.forEach((select) => enhance(select, fold));
}

function start(scope) {
  initAll({ scope });
  searchSelects(scope);
}

start(document.body);
document.body.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) {
    start(event.detail.elt);
  }
});
