/** The product's mark: two rings, running together. */
export function Mark({ size }: { size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="var(--accent)" />
      <g fill="none" stroke="#fff" strokeWidth="2.6">
        <circle cx="12.2" cy="16" r="5.2" />
        <circle cx="19.8" cy="16" r="5.2" />
      </g>
    </svg>
  );
}
