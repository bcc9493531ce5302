package org.cellweave.graphdraw;

import java.util.Arrays;
import java.util.List;

/** Puts drawings side by side in rows that together are about as wide as high. */
final class BoxPacking {
  /** Room between the outermost points of two drawings. */
  private static final double GAP = 1;

  private BoxPacking() {}

  /** Moves the drawings, {@code [x, y][point]} each, from the upper left corner in rows. */
  static void pack(List<double[][]> drawings) {
    if (drawings.size() < 2) {
      return;
    }
    double area = 0;
    double widest = 0;
    for (double[][] d : drawings) {
      area += (span(d[0]) + GAP) * (span(d[1]) + GAP);
      widest = Math.max(widest, span(d[0]) + GAP);
    }
    double width = Math.max(widest, 1.2 * Math.sqrt(area));
    double left = 0;
    double top = 0;
    double rowHeight = 0;
    for (double[][] d : drawings) {
      double w = span(d[0]) + GAP;
      double h = span(d[1]) + GAP;
      if (left > 0 && left + w > width) {
        left = 0;
        top -= rowHeight;
        rowHeight = 0;
      }
      move(d[0], left + GAP / 2 - low(d[0]));
      move(d[1], top - GAP / 2 - low(d[1]) - span(d[1]));
      left += w;
      rowHeight = Math.max(rowHeight, h);
    }
  }

  private static double low(double[] values) {
    return Arrays.stream(values).min().orElse(0);
  }

  private static double span(double[] values) {
    return Arrays.stream(values).max().orElse(0) - low(values);
  }

  private static void move(double[] values, double by) {
    for (int i = 0; i < values.length; i++) {
      values[i] += by;
    }
  }
}
