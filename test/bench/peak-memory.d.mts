/** Largest resident memory of this process so far, MB. */
export function peakMemoryMb(): number;
