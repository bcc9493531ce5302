package org.cellweave.matrix;

/** Sums and moments of one matrix, by how it is stored. */
interface Statistics {
  static Statistics of(Matrix x) {
    if (x instanceof DenseMatrix dense) {
      return new DenseStatistics(dense);
    }
    return x instanceof CscMatrix csc
        ? new Turned(of(csc.columns()))
        : new CsrStatistics((CsrMatrix) x);
  }

  double[] rowSums();

  double[] colSums();

  Matrix.Moments colMoments(int ddof);

  Matrix.Moments rowMoments(int ddof);

  /** Of the transpose. */
  record Turned(Statistics of) implements Statistics {
    @Override
    public double[] rowSums() {
      return of.colSums();
    }

    @Override
    public double[] colSums() {
      return of.rowSums();
    }

    @Override
    public Matrix.Moments colMoments(int ddof) {
      return of.rowMoments(ddof);
    }

    @Override
    public Matrix.Moments rowMoments(int ddof) {
      return of.colMoments(ddof);
    }
  }
}
