/** The mark: two lines in step, one live and one backtest, that part at the end; the gap between them is what Lockstep measures. */
export function Mark({ size }: { readonly size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" strokeWidth="2.25" aria-hidden="true">
      <path d="M1.5 16H8V9.5h6V3h8.5" stroke="var(--backtest)" />
      <path d="M1.5 21H12v-6.5h6V10h4.5" stroke="var(--live)" />
    </svg>
  );
}
