import { useEffect, useRef, useState } from 'react';

/** Milliseconds between two announcements of the same kind: a screen reader must not talk over the reader's work. */
const EVERY_MS = 15_000;

/**
 * Text of a live region for a value that changes often.
 * @param text the newest wording @param kind of news: a change of it, such as "paused", is announced at once
 * @returns the wording to put into the live region
 */
export function useAnnouncement(text: string, kind: string): string {
  const newest = useRef(text);
  const [said, setSaid] = useState({ text, kind });
  useEffect(() => {
    newest.current = text;
  }, [text]);
  useEffect(() => {
    setSaid({ text: newest.current, kind });
    const timer = setInterval(() => setSaid({ text: newest.current, kind }), EVERY_MS);
    return () => clearInterval(timer);
  }, [kind]);
  return said.kind === kind ? said.text : text;
}
