// Brings a page's components to life, and those of every fragment that htmx puts into it.
const addresses = document.documentElement.dataset;
const { initAll } = await import(addresses.govukFrontend);
const ARROW = '<path d="M2 4 L7 10 L12 4 Z"/>';

let autocomplete;

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

function enhance(select) {
  const id = select.id;
  const shown = [...select.options].find((option) => option.value && option.selected);
  const known = [...select.options].filter((option) => option.value && !("typed" in option.dataset));
  const optionFor = (label) => known.find((option) => option.text.trim() === label);
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
  select.removeAttribute("data-module");
  window.accessibleAutocomplete.enhanceSelectElement({
    selectElement: select,
    source: known.map((option) => option.text.trim()),
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
  await autocomplete;
  selects.forEach(enhance);
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
