// details.menu: closes with Escape, or when the focus or a click goes elsewhere.
const close = (except) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== except) menu.open = false;
};

document.addEventListener("click", (event) => close(event.target.closest("details.menu")));
document.addEventListener("focusin", (event) => close(event.target.closest("details.menu")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  close();
  menu?.querySelector("summary").focus();
});
