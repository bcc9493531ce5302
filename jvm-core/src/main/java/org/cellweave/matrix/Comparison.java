package org.cellweave.matrix;

/**
 * Whether two numbers stand to each other in a way; 1 if so and 0 if not, NaN to nothing.
 *
 * <p>Loops choose between whole numbers, which takes no branch; between floating ones it would.
 */
public enum Comparison implements Beside {
  GT(">") {
    @Override
    public boolean test(double a, double b) {
      return a > b;
    }

    @Override
    public void apply(double[] a, double[] b, int n) {
      for (int k = 0; k < n; k++) {
        int yes = a[k] > b[k] ? 1 : 0;
        a[k] = yes;
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
        int yes = a[k] >= b[k] ? 1 : 0;
        a[k] = yes;
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
        int yes = a[k] < b[k] ? 1 : 0;
        a[k] = yes;
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
        int yes = a[k] <= b[k] ? 1 : 0;
        a[k] = yes;
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
        int yes = a[k] == b[k] ? 1 : 0;
        a[k] = yes;
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
        int yes = a[k] != b[k] ? 1 : 0;
        a[k] = yes;
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
