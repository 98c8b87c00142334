// One POST of evidence, with its progress: {list}, the list as it is now, or {problems, again}: what to tell the
// person, and whether trying again as it is may help. The server answers a page's script as it answers htmx.
const LOST = "Se perdió la conexión antes de terminar; el archivo no quedó.";
const SESSION = "Su sesión terminó. Ingrese en otra pestaña y vuelva a intentarlo aquí.";
const TOO_HEAVY = "Pesa más de lo que se recibe.";
const REFUSED = "Usted ya no puede cambiar estas evidencias. Vuelva a cargar la página.";
const BUSY = "El servidor no pudo recibirlo ahora.";

function problemsOf(request) {
  try {
    return JSON.parse(request.responseText).problems;
  } catch {
    return null;
  }
}

function answerOf(request, url) {
  const asked = new URL(url, location.href).pathname;
  const came = new URL(request.responseURL || url, location.href).pathname;
  if (request.status === 204 || asked !== came) return { problems: [SESSION], again: true };
  if (request.status === 200) return { list: request.responseText };
  const told = problemsOf(request);
  if (told) return { problems: told, again: false };
  if (request.status === 413) return { problems: [TOO_HEAVY], again: false };
  if (request.status === 403 || request.status === 404) return { problems: [REFUSED], again: false };
  return { problems: [BUSY], again: true };
}

export function send(url, data, progress = () => {}) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("HX-Request", "true");
    request.upload.addEventListener("progress", (event) => event.lengthComputable && progress(event.loaded / event.total));
    request.addEventListener("load", () => resolve(answerOf(request, url)));
    for (const end of ["error", "abort", "timeout"]) {
      request.addEventListener(end, () => resolve({ problems: [LOST], again: true }));
    }
    request.send(data);
  });
}
