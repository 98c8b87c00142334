// One way to the server, and the five things it may answer: saved, refused, conflict, expired, offline.
const PATIENCE = 20_000;

export async function post(url, token, body) {
  const headers = { Accept: "application/json", "X-CSRFToken": token };
  if (typeof body === "string") headers["Content-Type"] = "application/json";
  let answer;
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    answer = await fetch(url, { method: "POST", body, headers, redirect: "manual", signal });
    if (answer.type === "opaqueredirect" || answer.status === 401) return { kind: "expired", data: {} };
    if (answer.status >= 500 || answer.status === 429) return { kind: "offline", data: {} };
    if (!answer.headers.get("Content-Type")?.startsWith("application/json")) return { kind: "expired", data: { status: answer.status } };
    const data = await answer.json();
    if (answer.ok) return { kind: "saved", data };
    return { kind: data.conflicts ? "conflict" : "refused", data };
  } catch {
    return { kind: "offline", data: {} };
  }
}

export const tokenOf = (root) => root.querySelector("[name=csrfmiddlewaretoken]").value;
