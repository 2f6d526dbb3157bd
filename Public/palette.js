// The command palette: Ctrl+K, or Cmd+K, asks while somebody types; Enter goes there.
// /search finds the same without this.
{
  const askMs = 120;
  const field = document.getElementById("find");
  let dialog, input, box, said, timer;

  const make = (tag, attributes, parent) => {
    const made = document.createElement(tag);
    for (const name in attributes) made.setAttribute(name, attributes[name]);
    parent.append(made);
    return made;
  };
  const options = () => [...box.querySelectorAll("[role=option]")];
  const chosen = () => box.querySelector("[aria-selected=true]");
  const query = () => new URLSearchParams({ q: input.value });

  const choose = (option) => {
    chosen()?.setAttribute("aria-selected", false);
    option?.setAttribute("aria-selected", true);
    option?.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option?.id ?? "");
  };

  const ask = async () => {
    const asked = query();
    let hits = "<p>No answer.</p>";
    try {
      const answer = await fetch(`/search/hits?${asked}`);
      // Who is signed out is sent to another page.
      if (answer.redirected) return location.reload();
      if (answer.ok) hits = await answer.text();
    } catch {}
    // Somebody typed on.
    if (asked.get("q") !== input.value) return;
    box.innerHTML = hits;
    const all = options();
    all.forEach((option, at) => (option.id = `palette-${at}`));
    input.setAttribute("aria-expanded", !!all[0]);
    said.textContent = box.querySelector("p").textContent;
    choose(all[0]);
  };

  const press = (event) => {
    const all = options();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key !== "Enter" && !step) return;
    event.preventDefault();
    if (step) choose(all.at((all.indexOf(chosen()) + step) % all.length));
    else if (chosen()) chosen().click();
    else location = `/search?${query()}`;
  };

  const build = () => {
    dialog = make("dialog", { class: "palette", "aria-label": "Search" }, document.body);
    const combobox = {
      role: "combobox", "aria-label": "Look for", "aria-autocomplete": "list",
      "aria-controls": "palette-hits", "aria-expanded": false, autocomplete: "off",
    };
    input = make("input", combobox, dialog);
    box = make("div", {}, dialog);
    said = make("p", { class: "hidden", role: "status" }, dialog);
    input.onkeydown = press;
    input.oninput = () => {
      clearTimeout(timer);
      timer = setTimeout(ask, askMs);
    };
    // A press beside the dialog is one on itself.
    dialog.onclick = ({ target }) => void (target === dialog && dialog.close());
  };

  document.addEventListener("keydown", (event) => {
    if (!field || event.key !== "k" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (!dialog) build();
    if (dialog.open) return dialog.close();
    input.value = "";
    dialog.showModal();
    ask();
  });
  if (field) field.placeholder = "Search (Ctrl+K)";
}
