export { type CommitComposition, composeCommit } from './compose-commit.ts';
export { publishCommit } from './publish-commit.ts';
export {
  type QuarantineOptions,
  type QuarantineWrites,
  quarantineRecord,
  type Refusal,
} from './quarantine-record.ts';
export { type Change, type Image, type NeededView, readImages } from './read-images.ts';
export { StreamViewError } from './stream-view-error.ts';
