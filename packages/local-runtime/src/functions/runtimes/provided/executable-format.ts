import { closeSync, openSync, readSync } from 'node:fs';

/** What the first bytes of a file say about how it is run. */
export type ExecutableFormat =
  | { readonly kind: 'script'; readonly interpreter: string; readonly hasCarriageReturn: boolean }
  | {
      readonly kind: 'elf';
      /** As `process.arch` names it; the number of the format where that has no name here. */
      readonly architecture: string;
      /** The loader of a program that is not static, such as `/lib64/ld-linux-x86-64.so.2`. */
      readonly loader: string | undefined;
    }
  | { readonly kind: 'mach-o' }
  | { readonly kind: 'unknown' };

/** A script's first line, and the headers of a program, stand at the beginning. */
const HEAD_BYTES = 4_096;
const ELF_MAGIC = 0x7f454c46;
/** 64 bits in either byte order, and programs for several architectures. */
const MACH_O_MAGICS = new Set([0xcffaedfe, 0xfeedfacf, 0xcafebabe]);
/** `e_machine` of the ELF format. */
const ELF_ARCHITECTURES: ReadonlyMap<number, string> = new Map([
  [0x03, 'ia32'],
  [0x28, 'arm'],
  [0x3e, 'x64'],
  [0xb7, 'arm64'],
  [0xf3, 'riscv64'],
]);
const ELF_CLASS_64 = 2;
const PROGRAM_HEADERS_MAX = 64;
const PROGRAM_HEADER_INTERPRETER = 3;

/** @see https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html for the ELF format */
export function executableFormat(file: string): ExecutableFormat {
  const head = readHead(file);
  if (head.length >= 4 && head.readUInt32BE(0) === ELF_MAGIC) {
    return elf(head);
  }
  if (head.length >= 4 && MACH_O_MAGICS.has(head.readUInt32BE(0))) {
    return { kind: 'mach-o' };
  }
  if (head.toString('latin1', 0, 2) !== '#!') {
    return { kind: 'unknown' };
  }
  const [line = ''] = head.toString('utf8').split('\n');
  const [interpreter = ''] = line.slice(2).trim().split(/\s/);
  return { kind: 'script', interpreter, hasCarriageReturn: line.endsWith('\r') };
}

function readHead(file: string): Buffer {
  const descriptor = openSync(file, 'r');
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    return head.subarray(0, readSync(descriptor, head, 0, HEAD_BYTES, 0));
  } finally {
    closeSync(descriptor);
  }
}

function elf(head: Buffer): ExecutableFormat {
  if (head.length < 64 || head[5] !== 1) {
    return { kind: 'unknown' };
  }
  const machine = head.readUInt16LE(18);
  const architecture = ELF_ARCHITECTURES.get(machine) ?? `machine ${machine}`;
  return { kind: 'elf', architecture, loader: head[4] === ELF_CLASS_64 ? loaderOf(head) : undefined };
}

function loaderOf(head: Buffer): string | undefined {
  const start = Number(head.readBigUInt64LE(32));
  const size = head.readUInt16LE(54);
  const count = Math.min(head.readUInt16LE(56), PROGRAM_HEADERS_MAX);
  for (let index = 0; index < count; index += 1) {
    const header = start + index * size;
    if (size < 56 || header + size > head.length) {
      return undefined;
    }
    if (head.readUInt32LE(header) === PROGRAM_HEADER_INTERPRETER) {
      const offset = Number(head.readBigUInt64LE(header + 8));
      const length = Number(head.readBigUInt64LE(header + 32));
      return head.toString('utf8', offset, Math.max(offset, offset + length - 1));
    }
  }
  return undefined;
}
