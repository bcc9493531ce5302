package org.cellweave.diffexp;

import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Check;
import org.cellweave.util.Elementary;

/**
 * Keeps ranked genes that many cells of a group and few others express, and that differ enough.
 *
 * <p>All three bounds are strict, as in scanpy 1.11.5. Cost: one pass over the values when the
 * facts were not stored with the ranking.
 */
public final class FilterRankGenesGroups {
  private static final double PSEUDO = 1e-9;

  private FilterRankGenesGroups() {}

  /**
   * @param minInGroupFraction of the group's cells that express the gene; below 0 all genes pass
   * @param minFoldChange logarithm to the base 2
   * @param maxOutGroupFraction of all other cells that express the gene; above 1 all genes pass
   * @param compareAbs whether genes may also be lower in the group
   */
  public record Params(
      double minInGroupFraction,
      double minFoldChange,
      double maxOutGroupFraction,
      boolean compareAbs) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      number(minInGroupFraction, "minInGroupFraction");
      number(minFoldChange, "minFoldChange");
      number(maxOutGroupFraction, "maxOutGroupFraction");
    }

    private static void number(double value, String name) {
      if (Double.isNaN(value)) {
        throw new IllegalArgumentException(name + " must be a number, got NaN");
      }
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private double minInGroupFraction = 0.25;
      private double minFoldChange = 1;
      private double maxOutGroupFraction = 0.5;
      private boolean compareAbs = false;

      public Builder minInGroupFraction(double value) {
        minInGroupFraction = value;
        return this;
      }

      public Builder minFoldChange(double value) {
        minFoldChange = value;
        return this;
      }

      public Builder maxOutGroupFraction(double value) {
        maxOutGroupFraction = value;
        return this;
      }

      public Builder compareAbs(boolean value) {
        compareAbs = value;
        return this;
      }

      public Params build() {
        return new Params(minInGroupFraction, minFoldChange, maxOutGroupFraction, compareAbs);
      }
    }
  }

  /**
   * What the bounds are put on, one entry per gene.
   *
   * @param inside fraction of the group's cells that express the gene
   * @param outside the same for all other cells
   * @param foldChanges logarithms to the base 2
   */
  public record Facts(double[] inside, double[] outside, double[] foldChanges) {
    public Facts {
      Check.sameLength(outside.length, inside.length, "outside", "the number of genes");
      Check.sameLength(foldChanges.length, inside.length, "foldChanges", "the number of genes");
    }
  }

  /** Which genes stay; one with a missing number does not. */
  public static boolean[] run(Facts facts, Params params) {
    boolean[] keep = new boolean[facts.inside().length];
    for (int j = 0; j < keep.length; j++) {
      double change = facts.foldChanges()[j];
      keep[j] =
          facts.inside()[j] > params.minInGroupFraction()
              && facts.outside()[j] < params.maxOutGroupFraction()
              && (params.compareAbs() ? Math.abs(change) : change) > params.minFoldChange();
    }
    return keep;
  }

  /**
   * The facts of every group, genes as columns of x.
   *
   * @param x cells by genes, logarithms
   * @param codes group of every cell, -1 for none
   * @param logBase base of the logarithm; null for the natural one
   */
  public static Facts[] facts(Matrix x, int[] codes, int nGroups, Double logBase) {
    Check.sameLength(codes.length, x.nRows(), "codes", "the number of cells");
    int[] closed = new int[codes.length];
    for (int i = 0; i < codes.length; i++) {
      closed[i] = codes[i] < 0 ? nGroups : codes[i];
    }
    CsrMatrix csr = x.toCsr().toFloat32();
    var moments = GroupMoments.of(csr, closed, nGroups + 1);
    double unit = logBase == null ? 1 : Elementary.log(logBase);
    Facts[] out = new Facts[nGroups];
    for (int g = 0; g < nGroups; g++) {
      int n = csr.nCols();
      out[g] = new Facts(new double[n], new double[n], new double[n]);
      for (int j = 0; j < n; j++) {
        var in = moments.in(g, j);
        var rest = moments.outside(g, j);
        out[g].inside()[j] = in.fraction();
        out[g].outside()[j] = rest.fraction();
        double ratio =
            (Elementary.expm1(in.mean() * unit) + PSEUDO)
                / (Elementary.expm1(rest.mean() * unit) + PSEUDO);
        out[g].foldChanges()[j] = Elementary.log(ratio) / Elementary.log(2);
      }
    }
    return out;
  }
}
