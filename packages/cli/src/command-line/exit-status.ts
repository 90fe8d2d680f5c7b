/** What the command's exit status says; scripts and continuous integration rely on the numbers. */
export const exitStatus: {
  readonly exact: 0;
  readonly different: 1;
  readonly couldNotRun: 2;
  readonly undecided: 3;
} = {
  exact: 0,
  different: 1,
  couldNotRun: 2,
  undecided: 3,
};
