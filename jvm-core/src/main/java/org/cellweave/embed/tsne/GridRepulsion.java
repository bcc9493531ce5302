package org.cellweave.embed.tsne;

import java.util.Arrays;
import org.cellweave.util.Parallel;

/**
 * Repulsion of t-SNE by interpolation: the cells are spread over a regular grid, the forces between
 * all nodes come from fast Fourier transforms, and each cell reads its force off the grid.
 *
 * <p>FIt-SNE interpolates by three Lagrange points to an interval of length one. Here cubic
 * B-splines on nodes {@link #SPACING} apart do it with less than half the nodes; a layout smaller
 * than {@link #LEAST_NODES} such steps gets a finer grid.
 */
final class GridRepulsion implements TsneRepulsion {
  private static final double SPACING = 0.5;
  private static final int LEAST_NODES = 64;
  private static final int BLOCK = 512;
  private static final int BAND = 8;

  /** The grid is laid this much wider than the layout, and anew when it has grown too wide. */
  private static final double ROOM = 1.1;

  /** Nodes that any layout may have, and nodes for each cell of a large one. */
  private static final long MANY_NODES = 1L << 18;

  private static final long NODES_PER_CELL = 40;

  private final int n;
  private final TsneRepulsion wideLayouts;
  private boolean tooWide;
  private final int[] row;
  private final int[] col;
  private final float[] partX;
  private final float[] partY;
  private final int[] order;
  private GridConvolution grid;
  private int[] rowStarts = new int[0];
  private double spacing;
  private double lowX;
  private double lowY;

  /**
   * @param wideLayouts takes over, for good, once a layout is too wide for its number of cells: its
   *     grid would hold little but empty nodes, as happens with many identical cells
   */
  GridRepulsion(int n, TsneRepulsion wideLayouts) {
    this.n = n;
    this.wideLayouts = wideLayouts;
    row = new int[n];
    col = new int[n];
    partX = new float[n];
    partY = new float[n];
    order = new int[n];
  }

  @Override
  public double push(float[] position, float[] push) {
    if (!tooWide) {
      fit(position);
    }
    if (tooWide) {
      return wideLayouts.push(position, push);
    }
    locate(position);
    sortByRow();
    Parallel.forRange(grid.rows, BAND, this::spread);
    double all = grid.run();
    Parallel.forRange(n, BLOCK, (from, to) -> gather(from, to, push));
    // Each cell met itself once, at distance 0.
    return all - n;
  }

  /** Whether the other repulsion took over. */
  boolean wasTooWide() {
    return tooWide;
  }

  /** Lays the grid around the cells; the old one serves while it has the right size. */
  private void fit(float[] position) {
    float[] box = {
      Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY
    };
    for (int i = 0; i < n; i++) {
      for (int c = 0; c < 2; c++) {
        float v = position[2 * i + c];
        box[c] = v < box[c] ? v : box[c];
        box[2 + c] = v > box[2 + c] ? v : box[2 + c];
      }
    }
    double width = (double) box[2] - box[0];
    double height = (double) box[3] - box[1];
    if (grid == null || !(suits(width, grid.rows) && suits(height, grid.cols))) {
      double side = Math.max(width, height) * ROOM;
      spacing = Math.min(SPACING, side > 0 ? side / LEAST_NODES : SPACING);
      int rows = nodes(width * ROOM);
      int cols = nodes(height * ROOM);
      tooWide = (long) rows * cols > Math.max(MANY_NODES, NODES_PER_CELL * n);
      if (tooWide) {
        grid = null;
        return;
      }
      grid = new GridConvolution(rows, cols, spacing);
      rowStarts = new int[rows + 1];
    }
    lowX = (box[0] + (double) box[2] - spacing * (grid.rows - 1)) / 2;
    lowY = (box[1] + (double) box[3] - spacing * (grid.cols - 1)) / 2;
  }

  private int nodes(double extent) {
    return Math.max(LEAST_NODES / 4, (int) Math.ceil(extent / spacing) + 4);
  }

  private boolean suits(double extent, int nodes) {
    double held = (nodes - 4) * spacing;
    return extent <= held && (extent * ROOM * ROOM * ROOM >= held || nodes <= LEAST_NODES / 4);
  }

  private void locate(float[] position) {
    Parallel.forRange(
        n,
        BLOCK,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            double x = (position[2 * i] - lowX) / spacing;
            double y = (position[2 * i + 1] - lowY) / spacing;
            row[i] = (int) x;
            col[i] = (int) y;
            partX[i] = (float) (x - row[i]);
            partY[i] = (float) (y - col[i]);
          }
        });
  }

  private void sortByRow() {
    Arrays.fill(rowStarts, 0);
    for (int i = 0; i < n; i++) {
      rowStarts[row[i] + 1]++;
    }
    for (int r = 0; r < grid.rows; r++) {
      rowStarts[r + 1] += rowStarts[r];
    }
    int[] at = Arrays.copyOf(rowStarts, grid.rows);
    for (int i = 0; i < n; i++) {
      order[at[row[i]]++] = i;
    }
  }

  /** Fills the rows of one band; a cell reaches from one row before its own to two after. */
  private void spread(int from, int to) {
    for (int r = from; r < to; r++) {
      Arrays.fill(grid.mass[r], 0);
    }
    float[] wx = new float[4];
    float[] wy = new float[4];
    int begin = rowStarts[Math.max(0, from - 2)];
    int end = rowStarts[Math.min(grid.rows, to + 1)];
    for (int at = begin; at < end; at++) {
      int i = order[at];
      weights(partX[i], wx);
      weights(partY[i], wy);
      int c = col[i] - 1;
      for (int s = 0; s < 4; s++) {
        int r = row[i] - 1 + s;
        if (r >= from && r < to) {
          float[] line = grid.mass[r];
          float w = wx[s];
          line[c] += w * wy[0];
          line[c + 1] += w * wy[1];
          line[c + 2] += w * wy[2];
          line[c + 3] += w * wy[3];
        }
      }
    }
  }

  private void gather(int from, int to, float[] push) {
    float[] wx = new float[4];
    float[] wy = new float[4];
    for (int at = from; at < to; at++) {
      int i = order[at];
      weights(partX[i], wx);
      weights(partY[i], wy);
      int c = col[i] - 1;
      float x = 0;
      float y = 0;
      for (int s = 0; s < 4; s++) {
        x += wx[s] * along(grid.forceX[row[i] - 1 + s], c, wy);
        y += wx[s] * along(grid.forceY[row[i] - 1 + s], c, wy);
      }
      push[2 * i] = x;
      push[2 * i + 1] = y;
    }
  }

  private static float along(float[] line, int c, float[] w) {
    return w[0] * line[c] + w[1] * line[c + 1] + w[2] * line[c + 2] + w[3] * line[c + 3];
  }

  /** Cubic B-spline at the four nodes around a point {@code t} past the second. */
  private static void weights(float t, float[] w) {
    float u = 1 - t;
    w[0] = u * u * u / 6;
    w[1] = (4 + t * t * (3 * t - 6)) / 6;
    w[2] = (4 + u * u * (3 * u - 6)) / 6;
    w[3] = t * t * t / 6;
  }
}
