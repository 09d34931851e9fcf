/**
 * The text area of the first paint. It works before the app has loaded, and the app takes over the same
 * element, so that its value, selection and input method composition are kept.
 */
let kept: HTMLTextAreaElement | undefined;

/** Whether this browser moves a connected element with its focus, selection and composition (Chromium, Firefox). */
const movesWhole = (): boolean => 'moveBefore' in document.documentElement;

function painted(): HTMLTextAreaElement | undefined {
  const { language = '' } = document.documentElement.dataset;
  return document.querySelector<HTMLTextAreaElement>(`[data-shell="${language}"] textarea`) ?? undefined;
}

/** The text written in it so far, while no page of the app has taken it over. */
export const earlyText = (): string => (kept ?? painted())?.value ?? '';

/** Keeps the text when the first paint is removed before a page of the app has taken the element over. */
export function keepEarlyField(): void {
  if (earlyText() !== '') kept ??= painted();
}

/**
 * Waits until moving the element interrupts no composition: at once in browsers with `moveBefore`.
 * `data-composing` is set by public/first-paint.js. Never rejects.
 */
export function earlyFieldAtRest(): Promise<void> {
  const { composing } = document.documentElement.dataset;
  if (movesWhole() || composing === undefined) return Promise.resolve();
  return new Promise((resolve) => {
    // The composed text is in the value after this event at the latest.
    document.addEventListener('compositionend', () => setTimeout(resolve), { once: true });
  });
}

/** Moves a connected element with its focus and selection. */
function move(field: HTMLTextAreaElement, place: HTMLElement): void {
  if (field.isConnected && movesWhole()) return place.moveBefore(field, null);
  const { selectionStart, selectionEnd, selectionDirection, scrollTop } = field;
  const hadFocus = document.activeElement === field;
  place.append(field);
  field.setSelectionRange(selectionStart, selectionEnd, selectionDirection);
  field.scrollTop = scrollTop;
  if (hadFocus) field.focus();
}

/** Puts a text area into `place`: the one of the first paint, once, and a new one after that. */
export function placeField(place: HTMLElement): HTMLTextAreaElement {
  const field = kept ?? painted() ?? document.createElement('textarea');
  kept = undefined;
  move(field, place);
  return field;
}
