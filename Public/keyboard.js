// Keys, unless turned off. The navigation says where g leads; /keyboard lists all.
if (document.querySelector(".nav") && document.body.dataset.keys !== "off") {
  const withinMs = 1500; // Between g and the next.
  let ledAt = -withinMs;

  const list = async () => {
    const answer = await fetch("/keyboard");
    const keys = parse(await answer.text()).querySelector("#keys");
    // Who is signed out meanwhile is sent to another page.
    if (!keys) return location.assign("/keyboard");
    const dialog = document.createElement("dialog");
    dialog.append(keys);
    dialog.onclose = () => dialog.remove();
    document.body.append(dialog);
    dialog.showModal();
  };

  document.addEventListener("keydown", (event) => {
    const { target, key, ctrlKey, altKey, metaKey, timeStamp } = event;
    if (ctrlKey || altKey || metaKey || key === "Shift" || event.isComposing) return;
    if (target.isContentEditable || target.closest(`${TYPED}, dialog`)) return;
    const isLed = timeStamp - ledAt < withinMs;
    ledAt = !isLed && key === "g" ? timeStamp : -withinMs;
    const there = isLed && document.querySelector(`.nav [data-key="${CSS.escape(key)}"]`);
    const search = !isLed && key === "/" && document.querySelector("header input[name=q]");
    if (there) there.click();
    else if (search) search.focus();
    else if (key === "?") list();
    else return;
    event.preventDefault();
  });
}
