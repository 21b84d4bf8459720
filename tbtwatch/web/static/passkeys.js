// Passkeys: asks the browser's key to sign what the server gave, and sends the form with the answer. What the form says
// stands in the page; without this script the forms stay hidden and the mailed link is there.
(() => {
  "use strict";
  const bytes = (text) =>
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replaceAll("+", "-")
      .replaceAll("/", "_")
      .replaceAll("=", "");
  const keys = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  const ask = async (form) => {
    const answer = await fetch(form.dataset.ask, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    const asked = await answer.json();
    if (!answer.ok) throw Object.assign(new Error("refused"), { said: asked.said });
    asked.challenge = bytes(asked.challenge);
    return asked;
  };

  const make = async (asked) => {
    asked.user.id = bytes(asked.user.id);
    asked.excludeCredentials = keys(asked.excludeCredentials);
    const made = await navigator.credentials.create({ publicKey: asked });
    return { made, response: { attestationObject: text(made.response.attestationObject) } };
  };

  const sign = async (asked) => {
    asked.allowCredentials = keys(asked.allowCredentials);
    const made = await navigator.credentials.get({ publicKey: asked });
    const { authenticatorData, signature, userHandle } = made.response;
    return {
      made,
      response: {
        authenticatorData: text(authenticatorData),
        signature: text(signature),
        userHandle: userHandle ? text(userHandle) : null,
      },
    };
  };

  const answered = ({ made, response }) =>
    JSON.stringify({
      id: made.id,
      rawId: text(made.rawId),
      type: made.type,
      response: { ...response, clientDataJSON: text(made.response.clientDataJSON) },
    });

  const why = (error, form) => {
    if (error.said) return error.said;
    if (error.name === "NotAllowedError" || error.name === "AbortError") return form.dataset.stopped;
    if (error.name === "InvalidStateError" && form.dataset.known) return form.dataset.known;
    return form.dataset.failed;
  };

  const send = async (form) => {
    const button = form.querySelector("button");
    const trouble = form.querySelector("[role=alert]");
    trouble.textContent = "";
    button.disabled = true;
    try {
      const asked = await ask(form);
      form.elements.answer.value = answered(await (form.dataset.passkey === "add" ? make(asked) : sign(asked)));
      form.submit();
    } catch (error) {
      trouble.textContent = why(error, form);
      button.disabled = false;
    }
  };

  if (!window.PublicKeyCredential) return;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    if (form.dataset.origin !== window.location.origin) continue;
    form.hidden = false;
    for (const other of document.querySelectorAll("[data-passkey-else]")) other.hidden = true;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(form);
    });
  }
})();
