package org.cellweave.matrix;

/** Whether two numbers stand to each other in a way; 1 if so and 0 if not, NaN to nothing. */
public enum Comparison implements Beside {
  GT(">") {
    @Override
    public boolean test(double a, double b) {
      return a > b;
    }

    @Override
    public void apply(double[] a, double[] b, int n) {
      for (int k = 0; k < n; k++) {
        a[k] = a[k] > b[k] ? 1 : 0;
      }
    }
  },
  GE(">=") {
    @Override
    public boolean test(double a, double b) {
      return a >= b;
    }

    @Override
    public void apply(double[] a, double[] b, int n) {
      for (int k = 0; k < n; k++) {
        a[k] = a[k] >= b[k] ? 1 : 0;
      }
    }
  },
  LT("<") {
    @Override
    public boolean test(double a, double b) {
      return a < b;
    }

    @Override
    public void apply(double[] a, double[] b, int n) {
      for (int k = 0; k < n; k++) {
        a[k] = a[k] < b[k] ? 1 : 0;
      }
    }
  },
  LE("<=") {
    @Override
    public boolean test(double a, double b) {
      return a <= b;
    }

    @Override
    public void apply(double[] a, double[] b, int n) {
      for (int k = 0; k < n; k++) {
        a[k] = a[k] <= b[k] ? 1 : 0;
      }
    }
  },
  EQ("==") {
    @Override
    public boolean test(double a, double b) {
      return a == b;
    }

    @Override
    public void apply(double[] a, double[] b, int n) {
      for (int k = 0; k < n; k++) {
        a[k] = a[k] == b[k] ? 1 : 0;
      }
    }
  },
  NE("!=") {
    @Override
    public boolean test(double a, double b) {
      return a != b;
    }

    @Override
    public void apply(double[] a, double[] b, int n) {
      for (int k = 0; k < n; k++) {
        a[k] = a[k] != b[k] ? 1 : 0;
      }
    }
  };

  private final String sign;

  Comparison(String sign) {
    this.sign = sign;
  }

  /** Python's sign for it. */
  public String sign() {
    return sign;
  }

  public abstract boolean test(double a, double b);
}
