/** Says that a hierarchy, or a path in one, cannot be made as asked; the message never holds a segment. */
export class HierarchyError extends Error {
  override readonly name = 'HierarchyError';
  readonly code:
    | 'wrong-count'
    | 'bad-name'
    | 'bad-separator'
    | 'duplicate-name'
    | 'not-reserved'
    | 'bad-segment';

  constructor(code: HierarchyError['code'], message: string) {
    super(message);
    this.code = code;
  }
}
