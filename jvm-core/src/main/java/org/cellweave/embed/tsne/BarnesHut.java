package org.cellweave.embed.tsne;

import org.cellweave.nbody.QuadTree;
import org.cellweave.util.Parallel;

/** Repulsion of t-SNE in which a far square of the quadtree acts as one heavy cell. */
final class BarnesHut implements TsneRepulsion {
  private static final int BLOCK = 256;
  private static final int CROWD = 64;

  private final QuadTree tree;
  private final float theta2;

  BarnesHut(int n, double theta) {
    tree = new QuadTree(n);
    theta2 = (float) (theta * theta);
  }

  @Override
  public double push(float[] position, float[] push) {
    tree.build(position, null);
    double all = Parallel.sum(tree.n, BLOCK, (from, to) -> push(from, to, push));
    // Each cell met itself once, at distance 0.
    return all - tree.n;
  }

  private double push(int from, int to, float[] push) {
    var t = tree;
    double total = 0;
    for (int p = from; p < to; p++) {
      float x = t.sorted[2 * p];
      float y = t.sorted[2 * p + 1];
      double sum = 0;
      double pushX = 0;
      double pushY = 0;
      int node = 0;
      while (node < t.nodes) {
        float dx = x - t.centreX[node];
        float dy = y - t.centreY[node];
        float d2 = dx * dx + dy * dy;
        boolean isLeaf = t.first[node] >= 0;
        // A leaf of many points at one place is never opened.
        if (t.side2[node] < theta2 * d2 || (isLeaf && t.end[node] - t.first[node] > CROWD)) {
          float w = 1 / (1 + d2);
          float mw = t.mass[node] * w;
          sum += mw;
          pushX += mw * w * dx;
          pushY += mw * w * dy;
          node = t.skip[node];
        } else if (isLeaf) {
          for (int q = t.first[node]; q < t.end[node]; q++) {
            float ex = x - t.sorted[2 * q];
            float ey = y - t.sorted[2 * q + 1];
            float w = 1 / (1 + ex * ex + ey * ey);
            sum += w;
            pushX += w * w * ex;
            pushY += w * w * ey;
          }
          node++;
        } else {
          node++;
        }
      }
      int i = t.order[p];
      push[2 * i] = (float) pushX;
      push[2 * i + 1] = (float) pushY;
      total += sum;
    }
    return total;
  }
}
