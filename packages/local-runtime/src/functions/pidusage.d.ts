declare module 'pidusage' {
  /** The part of pidusage that is used here; the package has no types of its own. */
  export default function pidusage(pid: number): Promise<{ readonly ctime: number }>;
}
