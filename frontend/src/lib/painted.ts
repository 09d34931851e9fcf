/** Milliseconds after which the app is fetched in any case. */
const PATIENCE = 300;

/** Resolves when the shell is visible; at once without one, or in a hidden tab. Never rejects. */
export function painted(): Promise<void> {
  if (document.hidden || !document.querySelector('[data-shell]')) return Promise.resolve();
  return new Promise((resolve) => {
    new PerformanceObserver((entries, observer) => {
      if (entries.getEntriesByName('first-contentful-paint').length === 0) return;
      observer.disconnect();
      resolve();
    }).observe({ type: 'paint', buffered: true });
    setTimeout(resolve, PATIENCE);
  });
}
