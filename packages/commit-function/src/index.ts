export { type CommitComposition, composeCommit } from './compose-commit.ts';
export { publishCommit } from './publish-commit.ts';
