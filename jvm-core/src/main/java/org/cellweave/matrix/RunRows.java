package org.cellweave.matrix;

/** Rows of another store whose passes somebody else runs. */
final class RunRows implements RowStep {
  private static final long serialVersionUID = 1;

  private final RowStore of;
  private final transient RangeRunner runner;

  /**
   * @param runner null to run passes here
   */
  RunRows(RowStore of, RangeRunner runner) {
    this.of = of;
    this.runner = runner;
  }

  @Override
  public RowStore of() {
    return of;
  }

  @Override
  public RangeRunner runner() {
    return runner;
  }
}
