// Loads a module only when the page holds its hook. Addresses come from <meta name="pes-module">,
// so that hashed file names work without a build step; every page works without any of them.
const loaded = new Set();

function load() {
  for (const meta of document.querySelectorAll('meta[name="pes-module"]')) {
    if (loaded.has(meta.content) || !document.querySelector(meta.dataset.hook)) continue;
    loaded.add(meta.content);
    import(meta.content);
  }
}

load();
document.addEventListener("htmx:afterSettle", load);
