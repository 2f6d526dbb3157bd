// Shows below a form what its preview would cost, as soon as something is chosen. Every page works
// without this: the preview says the same.
const waitMs = 250; // Between the last choice and the question.

for (const form of document.querySelectorAll("form[data-live]")) {
  const card = form.closest(".card");
  const box = document.createElement("div");
  const said = document.createElement("p");
  said.className = "hidden";
  said.setAttribute("role", "status");
  card.after(said);
  let timer;
  let asked = new AbortController();

  const show = async () => {
    asked.abort();
    asked = new AbortController();
    const query = new URLSearchParams(new FormData(form));
    try {
      const answer = await fetch(`${form.dataset.live}?${query}`, { signal: asked.signal });
      // Who is signed out meanwhile is sent to another page.
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      box.innerHTML = await answer.text();
      box.className = "fresh";
      card.after(box);
      said.textContent = box.querySelector(".money, p")?.textContent ?? "";
    } catch (error) {
      if (error.name === "AbortError") return;
      box.remove();
      said.textContent = "";
    }
  };

  const choose = () => {
    clearTimeout(timer);
    box.className = "";
    timer = setTimeout(show, waitMs);
  };
  form.addEventListener("input", choose);
  form.addEventListener("change", choose);
}
