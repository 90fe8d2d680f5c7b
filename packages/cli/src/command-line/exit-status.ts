/** What the command's exit status says; scripts and continuous integration rely on the numbers. */
export const exitStatus: {
  readonly exact: 0;
  readonly different: 1;
  readonly couldNotRun: 2;
  readonly undecided: 3;
  /** The template has no function that would run here. */
  readonly nothingToRun: 4;
} = {
  exact: 0,
  different: 1,
  couldNotRun: 2,
  undecided: 3,
  nothingToRun: 4,
};
