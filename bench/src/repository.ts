import { join } from 'node:path';

/** Folder of the repository. */
export const repository: string = join(import.meta.dirname, '..', '..');
