import { useMemo } from 'react';
import { encode } from 'uqr';
import styles from './qr-code.module.css';

/** One path for all dark modules, as React elements: nothing is parsed as HTML. */
function toPath(data: readonly (readonly boolean[])[]): string {
  return data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
}

/** A QR code, dark on light in both themes because scanners expect it. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const { path, size } = useMemo(() => {
    const { data, size: modules } = encode(text, { ecc: 'M', border: 3 });
    return { path: toPath(data), size: modules };
  }, [text]);
  return (
    <svg className={styles['code']} viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label}>
      <rect className={styles['ground']} width={size} height={size} />
      <path className={styles['modules']} d={path} shapeRendering="crispEdges" />
    </svg>
  );
}
