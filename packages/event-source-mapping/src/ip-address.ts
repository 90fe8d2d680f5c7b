const IPV4 = /^\d+\.\d+\.\d+\.\d+$/;
const IPV6 = /^[\da-fA-F:]*:[\da-fA-F:]*$/;

/** What an IPv6 address begins with that says an IPv4 address. */
const IPV4_MAPPED = '0,0,0,0,0,65535';

/**
 * One spelling for each IP address, because filters compare addresses and not how they are written: `::1` and `0:0:0:0:0:0:0:1`
 * are the same, and so are `10.0.0.1` and `010.0.0.1`.
 *
 * @returns undefined where the value is not an address
 */
export function parseIpAddress(value: unknown): string | undefined {
  if (typeof value !== 'string') {
    return undefined;
  }
  if (IPV4.test(value)) {
    const bytes = value.split('.').map(Number);
    return bytes.every((byte) => byte <= 255) ? bytes.join('.') : undefined;
  }
  return IPV6.test(value) ? parseIpv6(value) : undefined;
}

function parseIpv6(value: string): string | undefined {
  const sides = value.split('::').map((side) => (side === '' ? [] : side.split(':')));
  const [left = [], right] = sides;
  const missing = right === undefined ? 0 : 8 - left.length - right.length;
  if (sides.length > 2 || (right !== undefined && missing < 1)) {
    return undefined;
  }
  const zeros = Array.from({ length: missing }, () => '0');
  const groups = [...left, ...zeros, ...(right ?? [])].map((group) => Number.parseInt(group, 16));
  if (groups.length !== 8 || !groups.every((group) => group <= 0xffff)) {
    return undefined;
  }
  const [high = 0, low = 0] = groups.slice(6);
  const isMapped = groups.slice(0, 6).join() === IPV4_MAPPED;
  return isMapped ? [high >> 8, high & 255, low >> 8, low & 255].join('.') : groups.join(':');
}
