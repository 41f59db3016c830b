// Passkeys: a form with data-passkey ("use" or "make") asks the browser for one before it is sent; where there are none, it is put away.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const listed = (keys = []) => keys.map((key) => ({ ...key, id: bytes(key.id) }));

const asked = ({ publicKey: told }) => ({
  ...told,
  challenge: bytes(told.challenge),
  ...(told.user ? { user: { ...told.user, id: bytes(told.user.id) }, excludeCredentials: listed(told.excludeCredentials) } : { allowCredentials: listed(told.allowCredentials) }),
});
const answered = (found) => {
  const { response } = found;
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  return {
    id: found.id,
    rawId: text(found.rawId),
    type: found.type,
    authenticatorAttachment: found.authenticatorAttachment,
    clientExtensionResults: found.getClientExtensionResults(),
    response: {
      ...Object.fromEntries(parts.filter((part) => response[part]).map((part) => [part, text(response[part])])),
      ...(response.getTransports ? { transports: response.getTransports() } : {}),
    },
  };
};
const options = async (form) => {
  const at = form.dataset.options;
  if (at.startsWith("#")) return JSON.parse(document.querySelector(at).textContent);
  const answer = await fetch(at, { headers: { Accept: "application/json" }, cache: "no-store" });
  return (await answer.json()).request_options;
};

const ready = (form) => {
  const trouble = form.querySelector("[data-trouble]");
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    trouble.hidden = true;
    try {
      const publicKey = asked(await options(form));
      const found = await (form.dataset.passkey === "make" ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey }));
      form.elements.credential.value = JSON.stringify(answered(found));
      form.requestSubmit();
    } catch {
      trouble.textContent = document.getElementById("words").dataset.noPasskey;
      trouble.hidden = false;
    }
  });
};
const known = window.PublicKeyCredential && navigator.credentials;
document.querySelectorAll("[data-passkey]").forEach((form) => (known ? ready(form) : (form.hidden = true)));
