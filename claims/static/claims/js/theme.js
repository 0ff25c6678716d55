// Light or dark. A plain script in the head, so that the first paint already has the chosen theme.
(() => {
  const root = document.documentElement;
  const store = (value) => { try { localStorage.setItem("theme", value); } catch { /* private mode: lasts for this page */ } };
  const stored = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  const dark = () => root.dataset.theme === "dark" || (!root.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);

  if (["light", "dark"].includes(stored())) root.dataset.theme = stored();

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-toggle]")) return;
    root.dataset.theme = dark() ? "light" : "dark";
    store(root.dataset.theme);
  });
})();
