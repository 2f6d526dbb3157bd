// Before a form is sent, each field of it that holds an offer is filled with a passkey's answer.
// Where browsers can't, or a code was typed, the form is sent as it is (docs/decisions/0008).
if (window.isSecureContext && window.PublicKeyCredential) {
  const askMs = 2 * 60 * 1000;
  const FIELDS = "input[data-offer]";
  const ES256 = -7;
  const RS256 = -257;

  const decoded = (text) =>
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const encoded = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const answer = (field, ...parts) => [field.dataset.offer, ...parts.map(encoded)].join(".");

  // What is decided, and about what: the same as `PasskeyOffer.challenge`.
  const challenge = (field, path) => {
    const { digest, head } = field.form.elements;
    const said = `passkey-v1\n${field.dataset.offer}\n${path}\n${(digest ?? head)?.value ?? ""}`;
    return crypto.subtle.digest("SHA-256", new TextEncoder().encode(said));
  };

  const sign = async (field, path) => {
    const publicKey = {
      challenge: await challenge(field, path), userVerification: "required", timeout: askMs,
    };
    const { rawId, response } = await navigator.credentials.get({ publicKey });
    field.value = answer(
      field, rawId, response.clientDataJSON, response.authenticatorData, response.signature,
      response.userHandle ?? new ArrayBuffer(0),
    );
  };

  const make = async (field, path) => {
    const { handle, login, known } = field.dataset;
    const publicKey = {
      challenge: await challenge(field, path),
      rp: { name: "Caretaker" },
      user: { id: decoded(handle), name: login, displayName: login },
      pubKeyCredParams: [ES256, RS256].map((alg) => ({ type: "public-key", alg })),
      authenticatorSelection: {
        residentKey: "required", requireResidentKey: true, userVerification: "required",
      },
      excludeCredentials: known.split(" ").filter(Boolean)
        .map((id) => ({ type: "public-key", id: decoded(id) })),
      attestation: "none",
      timeout: askMs,
    };
    const { response } = await navigator.credentials.create({ publicKey });
    field.value = answer(field, response.clientDataJSON, response.attestationObject);
  };

  const SENTENCES = {
    InvalidStateError: "This device has a passkey of yours already. Nothing was sent.",
    SecurityError: "The browser allows no passkeys at this address. Nothing was sent.",
  };
  const told = "No passkey was used, so nothing was sent. Try again.";

  const tell = (form, sentence) => {
    let line = form.querySelector("p.error[role=alert]");
    if (!line) {
      line = document.createElement("p");
      line.className = "error";
      line.setAttribute("role", "alert");
      form.querySelector(".actions").before(line);
    }
    line.textContent = sentence;
  };

  const isTyped = (field) => Boolean(field.form.elements[field.dataset.orElse]?.value.trim());

  const submit = async (event) => {
    const { target: form, submitter } = event;
    const fields = [...form.querySelectorAll(FIELDS)].filter((f) => !f.value && !isTyped(f));
    if (!fields.length) return;
    event.preventDefault();
    const action = submitter?.getAttribute("formaction") ?? form.getAttribute("action");
    const path = new URL(action, location).pathname;
    try {
      for (const field of fields) {
        await (field.dataset.handle ? make(field, path) : sign(field, path));
      }
    } catch (error) {
      forget(form);
      return tell(form, SENTENCES[error.name] ?? told);
    }
    form.requestSubmit(submitter);
  };

  // An answer is good once; a page that is come back to asks anew.
  const forget = (within) => {
    for (const field of within.querySelectorAll(FIELDS)) field.value = "";
  };

  // Before anything is painted, so that nothing moves.
  document.documentElement.classList.add("has-passkeys");
  document.addEventListener("submit", submit);
  addEventListener("pageshow", () => forget(document));
}
