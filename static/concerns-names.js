// Underlines what looks like a name of a person while a text is typed. The server tells, keeps nothing of it, and
// nobody is stopped: without an answer there are no marks.
const PAUSE = 400;
const COPIED = [
  "font",
  "letterSpacing",
  "padding",
  "borderWidth",
  "borderStyle",
  "boxSizing",
  "textIndent",
  "lineHeight",
];

function marked(parts) {
  return parts.map(([text, isName]) => {
    if (!isName) {
      return document.createTextNode(text);
    }
    const mark = document.createElement("mark");
    mark.className = "cq-name";
    mark.textContent = text;
    return mark;
  });
}

function begin(box) {
  const frame = document.createElement("div");
  frame.className = "cq-names";
  const marks = document.createElement("div");
  marks.className = "cq-names__marks";
  marks.setAttribute("aria-hidden", "true");
  const said = document.createElement("p");
  said.className = "govuk-hint";
  said.setAttribute("role", "status");
  box.before(frame);
  frame.append(marks, box);
  frame.after(said);
  let waiting;
  let asked = 0;

  function fit() {
    const style = getComputedStyle(box);
    COPIED.forEach((name) => {
      marks.style[name] = style[name];
    });
    marks.style.borderColor = "transparent";
    marks.style.width = `${box.clientWidth + 2 * box.clientLeft}px`;
    marks.style.height = `${box.offsetHeight}px`;
    marks.scrollTop = box.scrollTop;
  }

  async function ask() {
    const text = box.value;
    asked += 1;
    const mine = asked;
    const body = new FormData();
    body.set("text", text);
    body.set("csrfmiddlewaretoken", box.form.elements.csrfmiddlewaretoken.value);
    let parts = [];
    try {
      const answer = await fetch(box.dataset.cqNames, { method: "POST", body });
      parts = answer.ok ? (await answer.json()).parts : [];
    } catch {
      // Without a network the text is typed and sent as ever.
    }
    if (mine !== asked || text !== box.value) {
      return;
    }
    marks.replaceChildren(...marked(parts));
    const found = new Set(parts.filter(([, isName]) => isName).map(([name]) => name));
    said.textContent = found.size
      ? `This may name a person: ${[...found].join(", ")}. If they use the service, write “a resident” instead.`
      : "";
    fit();
  }

  box.addEventListener("input", () => {
    // Marks of another text would stand under the wrong words.
    marks.replaceChildren();
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE);
  });
  box.addEventListener("scroll", () => {
    marks.scrollTop = box.scrollTop;
  });
  new ResizeObserver(fit).observe(box);
  if (box.value) {
    ask();
  }
}

document.querySelectorAll("textarea[data-cq-names]").forEach(begin);
