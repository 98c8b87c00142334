// Tells the person what happened when the browser could not use a security key (allauth only logs it).
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const notice = document.createElement("div");
  notice.className = "notice notice-risk";
  notice.setAttribute("role", "alert");
  const text = document.createElement("div");
  text.className = "notice-body";
  text.textContent =
    event.detail.exception?.name === "NotAllowedError"
      ? "No se usó la llave: se canceló o pasó el tiempo. Inténtelo de nuevo o use un código."
      : "Este navegador no pudo usar la llave. Pruebe con otro navegador o use un código.";
  notice.append(text);
  const place = document.getElementById("mensajes");
  place.replaceChildren(notice);
  place.scrollIntoView({ block: "center" });
});
