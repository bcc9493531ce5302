package org.cellweave.clonal.alignment;

import java.util.Arrays;
import org.cellweave.linalg.LeastSquares;
import org.cellweave.linalg.MatrixProduct;
import org.cellweave.linalg.SingularValues;
import org.cellweave.linalg.SymmetricEigen;
import org.cellweave.util.Median;

/**
 * The map that brings one end of the anchors to the other.
 *
 * <p>Regression of one end on the other takes the query's end for free of error, and shrinks it
 * where it is not. The symmetric map is the geometric mean of the regressions in both directions:
 * whitened, turned and coloured again, so that the map of the other direction is its inverse.
 *
 * <p>Anchors that do not determine d + 1 rows leave directions free. Regression is then drawn
 * towards the rotation of least squares (Procrustes) by a ridge, and the symmetric map by one on
 * both covariances; directions that no anchor tells of are turned as little as that rotation may.
 *
 * @see <a href="https://doi.org/10.1007/BF02289451">Schoenemann 1966</a>
 * @see <a href="https://doi.org/10.1214/aoms/1177703732">Huber 1964</a>
 */
final class AffineFit {
  /** Of eigenvalues of covariances, which are squares. */
  private static final double RANK = 1e-12;

  /** What decides a rotation where anchors do not, as a share of what they say. */
  private static final double IDENTITY = 1e-8;

  private static final double EPSILON = Math.ulp(1.0);

  private final AnchorAlignment.Params params;

  private AffineFit(AnchorAlignment.Params params) {
    this.params = params;
  }

  /**
   * @param rank d + 1 when the anchors determine the map
   * @param drawn whether they were too few, so that the map was drawn towards a rotation
   */
  record Fit(AffineMap map, int rank, boolean drawn) {}

  static Fit of(AnchorPoints points, AnchorAlignment.Params params) {
    return new AffineFit(params).robust(points);
  }

  /** Huber's weights: anchors beyond some multiple of the median residual count less. */
  private Fit robust(AnchorPoints points) {
    Fit fit = once(points);
    for (int round = 0; round < params.robustRounds(); round++) {
      double[] residuals = points.residuals(fit.map());
      double bound = params.robustCut() * Median.of(residuals);
      // Half of the anchors are met exactly: the others would lose all of their weight.
      if (bound == 0) {
        return fit;
      }
      double[] weights = points.weights().clone();
      for (int p = 0; p < weights.length; p++) {
        weights[p] *= residuals[p] > bound ? bound / residuals[p] : 1;
      }
      fit = once(points.weighted(weights));
    }
    return fit;
  }

  private Fit once(AnchorPoints points) {
    return params.symmetric() ? symmetric(points) : regression(points);
  }

  private boolean draws(AnchorPoints points, int rank) {
    int unknown = points.nCols() + 1;
    boolean few =
        rank < unknown || points.effective() < (long) params.anchorsPerUnknown() * unknown;
    return few && params.ridge() > 0;
  }

  private Fit regression(AnchorPoints points) {
    int d = points.nCols();
    double[][] left = new double[points.size()][d + 1];
    double[][] right = new double[points.size()][d];
    for (int p = 0; p < left.length; p++) {
      double root = Math.sqrt(points.weights()[p]);
      for (int j = 0; j < d; j++) {
        left[p][j] = root * points.query()[p][j];
        right[p][j] = root * points.reference()[p][j];
      }
      left[p][d] = root;
    }
    double zero = Math.max(params.rankTolerance(), EPSILON * Math.max(left.length, d + 1));
    var solution = LeastSquares.leastNorm(left, right, zero);
    if (draws(points, solution.rank())) {
      return new Fit(ridge(points), solution.rank(), true);
    }
    double[][] x = solution.x();
    return new Fit(new AffineMap(Arrays.copyOf(x, d), x[d]), solution.rank(), false);
  }

  /** Least squares on how much the map differs from the rotation, with a penalty on that. */
  private AffineMap ridge(AnchorPoints points) {
    int d = points.nCols();
    double[][] a = points.centred(points.query());
    double[][] b = points.centred(points.reference());
    double[][] rotation = rotation(points.products(a, b));
    double[][] turned = MatrixProduct.of(a, rotation);
    double root = Math.sqrt(penalty(points.products(a, a)));
    double[][] left = new double[a.length + d][d];
    double[][] right = new double[a.length + d][d];
    for (int p = 0; p < a.length; p++) {
      double weight = Math.sqrt(points.weights()[p]);
      for (int j = 0; j < d; j++) {
        left[p][j] = weight * a[p][j];
        right[p][j] = weight * (b[p][j] - turned[p][j]);
      }
    }
    for (int j = 0; j < d; j++) {
      left[a.length + j][j] = root;
    }
    double[][] matrix = LeastSquares.leastNorm(left, right, EPSILON * left.length).x();
    for (int i = 0; i < d; i++) {
      for (int j = 0; j < d; j++) {
        matrix[i][j] += rotation[i][j];
      }
    }
    return AffineMap.bringing(points.mean(points.query()), points.mean(points.reference()), matrix);
  }

  private Fit symmetric(AnchorPoints points) {
    double[][] a = points.centred(points.query());
    double[][] b = points.centred(points.reference());
    double[][] ofQuery = points.products(a, a);
    double[][] ofReference = points.products(b, b);
    double zero = Math.max(RANK, params.rankTolerance() * params.rankTolerance());
    int rank =
        1
            + Math.min(
                SymmetricEigen.of(ofQuery).rank(zero), SymmetricEigen.of(ofReference).rank(zero));
    boolean drawn = draws(points, rank);
    if (drawn) {
      double ofBoth = penalty(ofQuery) * penalty(ofReference);
      if (ofBoth == 0) {
        return new Fit(ridge(points), rank, true);
      }
      ofQuery = plus(ofQuery, penalty(ofQuery));
      ofReference = plus(ofReference, penalty(ofReference));
    }
    double[][] white = SymmetricEigen.of(ofQuery).power(-0.5, RANK);
    var reference = SymmetricEigen.of(ofReference);
    double[][] between =
        MatrixProduct.of(
            MatrixProduct.of(white, points.products(a, b)), reference.power(-0.5, RANK));
    double[][] matrix =
        MatrixProduct.of(MatrixProduct.of(white, rotation(between)), reference.power(0.5, RANK));
    var map =
        AffineMap.bringing(points.mean(points.query()), points.mean(points.reference()), matrix);
    return new Fit(map, rank, drawn);
  }

  /** Of least squares by the products of both sides; where these say nothing, the identity. */
  private static double[][] rotation(double[][] products) {
    var values = SingularValues.of(products);
    if (values.rank(RANK) == products.length) {
      return values.rotation();
    }
    double largest = values.s()[0];
    return SingularValues.of(plus(products, largest > 0 ? IDENTITY * largest : 1)).rotation();
  }

  private double penalty(double[][] scatter) {
    double trace = 0;
    for (int i = 0; i < scatter.length; i++) {
      trace += scatter[i][i];
    }
    return params.ridge() * trace / scatter.length;
  }

  private static double[][] plus(double[][] a, double diagonal) {
    double[][] out = new double[a.length][];
    for (int i = 0; i < a.length; i++) {
      out[i] = a[i].clone();
      out[i][i] += diagonal;
    }
    return out;
  }
}
