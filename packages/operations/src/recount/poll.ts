/** First pause between two looks at what the pipeline has done. */
const POLL_MS_MIN = 1_000;
/** Longest one, when nothing changes. */
const POLL_MS_MAX = 10_000;
/** After so many looks without a change pauses grow. */
const POLLS_FAST = 15;

/** How long to wait before the next look, after so many without a change. */
export function pollMs(unchanged: number): number {
  return Math.min(POLL_MS_MAX, POLL_MS_MIN * Math.max(1, unchanged - POLLS_FAST));
}
