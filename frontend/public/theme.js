/* Runs before the first paint, so that a remembered theme does not flash. The key is the one in src/lib/theme.ts. */
(function () {
  try {
    var theme = localStorage.getItem('burnbag.theme');
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  } catch {
    /* Storage is blocked: the system's theme stays. */
  }
})();
