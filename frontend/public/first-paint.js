/*
 * Runs before the first paint, so that neither a remembered theme nor the wrong language flashes.
 * The keys and the rules are those of src/lib/theme.ts and src/lib/language.ts; a test holds them together.
 */
(function () {
  var root = document.documentElement;
  var known = ['en', 'de'];
  var remembered = function (key) {
    try {
      return localStorage.getItem(key);
    } catch {
      /* Storage is blocked: the system's theme and the browser's language stay. */
      return null;
    }
  };
  var theme = remembered('burnbag.theme');
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;

  var wanted = [remembered('burnbag.language')].concat(navigator.languages || []);
  var primary = function (tag) {
    return String(tag).toLowerCase().split('-')[0];
  };
  var language =
    wanted.map(primary).find(function (tag) {
      return known.includes(tag);
    }) || known[0];
  root.lang = language;
  root.dataset.language = language;

  /* What is written before the app is there is no more lost than later; see src/lib/early-field.ts. */
  addEventListener('beforeunload', function (event) {
    var field = document.querySelector('[data-shell="' + language + '"] textarea');
    if (field && field.value) event.preventDefault();
  });
  addEventListener('compositionstart', function () {
    root.dataset.composing = '';
  });
  addEventListener('compositionend', function () {
    delete root.dataset.composing;
  });
  /* The browser would leave the page for a file that is dropped on it. */
  addEventListener('dragover', function (event) {
    if (!document.querySelector('[data-shell]') || !event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'none';
  });
})();
