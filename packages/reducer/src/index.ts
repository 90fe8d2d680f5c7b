export {
  type Contribution,
  ContributionError,
  type ContributionErrorCode,
  formatContribution,
  type Measures,
  mergeContributions,
  parseContribution,
  sumContributions,
} from './contribution.ts';
export {
  addDecimals,
  checkDecimal,
  type Decimal,
  DecimalError,
  type DecimalErrorCode,
  type DecimalOptions,
  formatDecimal,
  type InvalidDecimalReason,
  negate,
  one,
  parseDecimal,
  parseSum,
  toSafeInteger,
  zero,
} from './decimal.ts';
export {
  checkSegments,
  createHierarchy,
  type Hierarchy,
  type InvalidSegmentReason,
  type SegmentCheck,
  type Segments,
} from './hierarchy.ts';
export { HierarchyError } from './hierarchy-error.ts';
export { decodeString, type JsonKind, type JsonMembers, readJsonMembers } from './json-members.ts';
export {
  createKeyPattern,
  type KeyPattern,
  KeyPatternError,
  type KeyPatternErrorCode,
  type PartsOf,
} from './key-pattern.ts';
export {
  type ExactJson,
  ExactJsonError,
  type ExactJsonErrorCode,
  parseJsonExact,
} from './parse-json-exact.ts';
export type { PathFormat } from './path-format.ts';
export { contributionOfChange, type Leaf, rollUp } from './roll-up.ts';
export type { Rounding } from './rounding.ts';
export { TimeBucketError, type TimeBucketErrorCode, type TimeUnit, timeBucket } from './time-bucket.ts';
export { toDecimal } from './to-decimal.ts';
export { isLongerThan, utf8Length } from './utf8.ts';
