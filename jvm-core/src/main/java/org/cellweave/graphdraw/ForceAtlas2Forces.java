package org.cellweave.graphdraw;

import org.cellweave.matrix.CsrMatrix;
import org.cellweave.nbody.QuadTree;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;

/** The forces of ForceAtlas2 and the step length that adapts to how much the cells swing. */
final class ForceAtlas2Forces {
  private static final int BLOCK = 256;
  private static final double LEAST_EFFICIENCY = 0.05;
  private static final double MOST_TOLERANCE = 10;
  private static final double MOST_RISE = 0.5;

  private final CsrMatrix graph;
  private final ForceAtlas2.Params params;
  private final int n;
  private final float[] position;
  private final float[] mass;
  private final QuadTree tree;
  private final float theta2;
  private final double compensation;
  private double[] force;
  private double[] before;
  private double speed = 1;
  private double efficiency = 1;

  ForceAtlas2Forces(CsrMatrix graph, float[] position, ForceAtlas2.Params params) {
    this.graph = graph;
    this.params = params;
    this.position = position;
    n = graph.nRows();
    mass = new float[n];
    double total = 0;
    for (int i = 0; i < n; i++) {
      mass[i] = 1 + graph.rowNnz(i);
      total += mass[i];
    }
    compensation = params.outboundAttractionDistribution() ? total / n : 1;
    tree = new QuadTree(n);
    // With no square far enough every leaf is opened. The diagonal is sqrt(2) sides.
    double theta = params.barnesHutOptimize() ? params.barnesHutTheta() : 0;
    theta2 = (float) (theta * theta / 2);
    force = new double[2 * n];
    before = new double[2 * n];
  }

  float[] position() {
    return position;
  }

  /** Moves all cells once; returns swinging over effective traction. */
  double step() {
    double[] swap = before;
    before = force;
    force = swap;
    tree.build(position, mass);
    Parallel.forRange(n, BLOCK, this::repel);
    Parallel.forRange(n, BLOCK, this::attract);
    double swinging = Parallel.sum(n, BLOCK, (from, to) -> change(from, to, -1));
    double traction = Parallel.sum(n, BLOCK, (from, to) -> change(from, to, 1)) / 2;
    adapt(swinging, traction);
    Parallel.forRange(n, BLOCK, this::move);
    return traction > 0 ? swinging / traction : 0;
  }

  private void repel(int from, int to) {
    tree.forPoints(from, to, this::repel);
  }

  /** What all others push point {@code i}, which lies there. */
  private void repel(int i, float x, float y) {
    var t = tree;
    double pushX = 0;
    double pushY = 0;
    int node = 0;
    while (node < t.nodes) {
      float dx = x - t.centreX[node];
      float dy = y - t.centreY[node];
      float d2 = dx * dx + dy * dy;
      if (t.side2[node] < theta2 * d2) {
        double f = t.mass[node] / d2;
        pushX += f * dx;
        pushY += f * dy;
        node = t.skip[node];
        continue;
      }
      if (t.first[node] >= 0) {
        for (int q = t.first[node]; q < t.end[node]; q++) {
          float ex = x - t.sorted[2 * q];
          float ey = y - t.sorted[2 * q + 1];
          float e2 = ex * ex + ey * ey;
          if (e2 > 0) {
            double f = t.weight[q] / e2;
            pushX += f * ex;
            pushY += f * ey;
          }
        }
      }
      node++;
    }
    double scale = params.scalingRatio() * mass[i];
    force[2 * i] = scale * pushX;
    force[2 * i + 1] = scale * pushY;
  }

  private void attract(int from, int to) {
    double influence = params.edgeWeightInfluence();
    for (int i = from; i < to; i++) {
      double x = position[2 * i];
      double y = position[2 * i + 1];
      double pullX = 0;
      double pullY = 0;
      var block = graph.blockOf(i);
      int[] ends = block.indices();
      for (int p = block.start(i); p < block.end(i); p++) {
        int j = ends[p];
        double w = block.value(p);
        w = influence == 1 ? w : Elementary.pow(w, influence);
        if (params.outboundAttractionDistribution()) {
          // As fa2 has it, the end with the lower number shares out.
          w /= mass[Math.min(i, j)];
        }
        pullX += w * (position[2 * j] - x);
        pullY += w * (position[2 * j + 1] - y);
      }
      double g = gravity(i, Math.sqrt(x * x + y * y));
      force[2 * i] += compensation * pullX - g * x;
      force[2 * i + 1] += compensation * pullY - g * y;
    }
  }

  private double gravity(int i, double distance) {
    if (params.strongGravityMode()) {
      return params.scalingRatio() * mass[i] * params.gravity();
    }
    return distance > 0 ? mass[i] * params.gravity() / distance : 0;
  }

  /** Sum of mass times the length of {@code force + sign * before}. */
  private double change(int from, int to, int sign) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += mass[i] * length(i, sign);
    }
    return sum;
  }

  private double length(int i, int sign) {
    double x = force[2 * i] + sign * before[2 * i];
    double y = force[2 * i + 1] + sign * before[2 * i + 1];
    return Math.sqrt(x * x + y * y);
  }

  private void adapt(double swinging, double traction) {
    double estimate = 0.05 * Math.sqrt(n);
    double likely = estimate * traction / ((double) n * n);
    double tolerance =
        params.jitterTolerance() * Math.max(Math.sqrt(estimate), Math.min(MOST_TOLERANCE, likely));
    if (traction > 0 && swinging / traction > 2) {
      efficiency *= efficiency > LEAST_EFFICIENCY ? 0.5 : 1;
      tolerance = Math.max(tolerance, params.jitterTolerance());
    }
    double target =
        swinging == 0 ? Double.POSITIVE_INFINITY : tolerance * efficiency * traction / swinging;
    if (swinging > tolerance * traction) {
      efficiency *= efficiency > LEAST_EFFICIENCY ? 0.7 : 1;
    } else if (speed < 1000) {
      efficiency *= 1.3;
    }
    speed += Math.min(target - speed, MOST_RISE * speed);
  }

  private void move(int from, int to) {
    for (int i = from; i < to; i++) {
      double factor = speed / (1 + Math.sqrt(speed * mass[i] * length(i, -1)));
      position[2 * i] += (float) (force[2 * i] * factor);
      position[2 * i + 1] += (float) (force[2 * i + 1] * factor);
    }
  }
}
