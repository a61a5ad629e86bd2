/** The mark: two lines in step, one live and one backtest, that part at the end; the gap between them is what Lockstep measures. */
export function Mark({ size }: { readonly size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" strokeWidth="2.25" aria-hidden="true">
      <path d="M2.5 19.5h4.5v-5.5h5v-5h4.5V3.5h5" stroke="var(--backtest)" />
      <path d="M2.5 21.5h6.5v-5.5h5v-5h7.5" stroke="var(--live)" />
    </svg>
  );
}
