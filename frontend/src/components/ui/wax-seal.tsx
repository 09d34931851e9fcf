import styles from './wax-seal.module.css';

/** The outline of poured wax, and the line along which it cracks. */
const WAX =
  'M32 3c6 0 9 3 14 5s10 4 12 10 1 9 2 14-2 9-4 14-6 9-11 11-8 4-14 3-10 1-15-2-8-6-10-11-4-9-3-15 1-9 4-14 6-8 11-10S26 3 32 3Z';
const LEFT = 'M-4-4H35L30 14 36 25 28 36 34 48 31 68H-4Z';
const RIGHT = 'M68-4H35L30 14 36 25 28 36 34 48 31 68H68Z';

function Wax() {
  return (
    <>
      <path className={styles['wax']} d={WAX} />
      <circle className={styles['rim']} cx="32" cy="32" r="20.5" />
      <path className={styles['sign']} d="M23.5 20h17v20l-3.5 3-3-2-3.5 3.5-3-3.5-4 1.5z" />
      <path className={styles['sign']} d="M28 26h8M28 31h5" />
    </>
  );
}

/** The seal of an envelope: wax with the mark pressed into it. Broken, its two halves separate. */
export function WaxSeal({ broken = false }: { broken?: boolean }) {
  return (
    <svg
      className={styles['seal']}
      data-broken={broken || undefined}
      viewBox="-2 -2 68 68"
      aria-hidden="true"
      focusable="false"
    >
      <clipPath id="seal-left">
        <path d={LEFT} />
      </clipPath>
      <clipPath id="seal-right">
        <path d={RIGHT} />
      </clipPath>
      <g className={styles['left']}>
        <g clipPath="url(#seal-left)">
          <Wax />
        </g>
      </g>
      <g className={styles['right']}>
        <g clipPath="url(#seal-right)">
          <Wax />
        </g>
      </g>
    </svg>
  );
}
