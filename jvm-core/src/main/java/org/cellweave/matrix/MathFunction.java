package org.cellweave.matrix;

import java.util.Locale;
import org.cellweave.internal.Transcendental;
import org.cellweave.util.Elementary;

/** What one number becomes. Values that a function does not take give NaN, as in NumPy. */
public enum MathFunction {
  LOG1P(true, true) {
    @Override
    public double of(double v) {
      return Elementary.log1p(v);
    }

    @Override
    public void apply(double[] v, int n) {
      for (int k = 0; k < n; k++) {
        double x = v[k];
        if (x > -0.5 && x < 1e300) {
          // Math.log is several times faster; what the sum 1 + x loses is added to first order
          double u = 1 + x;
          v[k] = Elementary.log(u) + (x - (u - 1)) / u;
        } else {
          v[k] = Elementary.log1p(x);
        }
      }
    }

    @Override
    void single(double[] v, int n) {
      Transcendental.log1pEach(v, n);
    }
  },
  EXPM1(true, true) {
    @Override
    public double of(double v) {
      return Elementary.expm1(v);
    }

    @Override
    void single(double[] v, int n) {
      for (int k = 0; k < n; k++) {
        v[k] = Transcendental.expm1(v[k]);
      }
    }
  },
  EXP(false, true) {
    @Override
    public double of(double v) {
      return Elementary.exp(v);
    }

    @Override
    public void apply(double[] v, int n) {
      for (int k = 0; k < n; k++) {
        v[k] = Elementary.exp(v[k]);
      }
    }
  },
  LOG(false, true) {
    @Override
    public double of(double v) {
      return Elementary.log(v);
    }

    @Override
    public void apply(double[] v, int n) {
      for (int k = 0; k < n; k++) {
        v[k] = Elementary.log(v[k]);
      }
    }
  },
  LOG2(false, true) {
    @Override
    public double of(double v) {
      int exponent = Math.getExponent(v);
      boolean isPower = v <= Double.MAX_VALUE && v == Math.scalb(1.0, exponent);
      return isPower ? exponent : Elementary.log(v) / LN2;
    }
  },
  LOG10(false, true) {
    @Override
    public double of(double v) {
      return Elementary.log10(v);
    }
  },
  SQRT(true, true) {
    @Override
    public double of(double v) {
      return Math.sqrt(v);
    }

    @Override
    public void apply(double[] v, int n) {
      for (int k = 0; k < n; k++) {
        v[k] = Math.sqrt(v[k]);
      }
    }
  },
  ABS(true, false) {
    @Override
    public double of(double v) {
      return Math.abs(v);
    }

    @Override
    public void apply(double[] v, int n) {
      for (int k = 0; k < n; k++) {
        v[k] = Math.abs(v[k]);
      }
    }
  },
  SQUARE(true, false) {
    @Override
    public double of(double v) {
      return v * v;
    }
  },
  NEGATIVE(true, false) {
    @Override
    public double of(double v) {
      return -v;
    }
  },
  SIGN(true, false) {
    @Override
    public double of(double v) {
      return Math.signum(v);
    }
  },
  FLOOR(true, false) {
    @Override
    public double of(double v) {
      return Math.floor(v);
    }
  },
  CEIL(true, false) {
    @Override
    public double of(double v) {
      return Math.ceil(v);
    }
  },
  TRUNC(true, false) {
    @Override
    public double of(double v) {
      return v < 0 ? Math.ceil(v) : Math.floor(v);
    }
  },
  RINT(true, false) {
    @Override
    public double of(double v) {
      return Math.rint(v);
    }
  },
  SIN(true, true) {
    @Override
    public double of(double v) {
      return Elementary.sin(v);
    }
  },
  COS(false, true) {
    @Override
    public double of(double v) {
      return Elementary.cos(v);
    }
  },
  TANH(true, true) {
    @Override
    public double of(double v) {
      return Elementary.tanh(v);
    }
  };

  private static final double LN2 = Elementary.log(2);

  private final boolean keepsZero;
  private final boolean isReal;

  MathFunction(boolean keepsZero, boolean isReal) {
    this.keepsZero = keepsZero;
    this.isReal = isReal;
  }

  public abstract double of(double v);

  /** Of the first {@code n} values, in float64. */
  public void apply(double[] v, int n) {
    for (int k = 0; k < n; k++) {
      v[k] = of(v[k]);
    }
  }

  /** As {@link #apply}, for values that come from float32 and will be rounded to it. */
  void single(double[] v, int n) {
    apply(v, n);
  }

  /** Whether zero stays zero, so that a sparse matrix stays sparse. */
  public boolean keepsZero() {
    return keepsZero;
  }

  /** Whether whole numbers become others: NumPy's result is floating then. */
  public boolean isReal() {
    return isReal;
  }

  /** Python's name of it. */
  public String pythonName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
