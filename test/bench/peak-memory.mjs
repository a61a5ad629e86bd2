import { readFileSync } from 'node:fs';

/**
 * Largest resident memory of this process so far, MB. Linux counts into `maxRSS` what the process that started this one had reached;
 * VmHWM is this program's own.
 * @returns {number}
 */
export function peakMemoryMb() {
  try {
    const own = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
    if (own) return Number(own[1]) / 1024;
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  return process.resourceUsage().maxRSS / 1024;
}
