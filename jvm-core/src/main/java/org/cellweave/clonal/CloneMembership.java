package org.cellweave.clonal;

import java.util.Arrays;
import org.cellweave.design.Categories;
import org.cellweave.matrix.CsrMatrix;

/**
 * One clone for every cell, from a matrix that says to which clones it belongs.
 *
 * <p>Such matrices, cells by clones, hold ones, or how often a barcode was read. An entry above 0
 * is a membership. Cost O(nnz).
 */
public final class CloneMembership {
  private CloneMembership() {}

  /** What a cell of several clones gets. */
  public enum Several {
    /** The clone of the largest entry, of equal ones the first. */
    LARGEST,
    /** None. */
    MISSING
  }

  /**
   * @param several what a cell of several clones gets
   */
  public record Params(Several several) {
    public static final Params DEFAULTS = builder().build();

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private Several several = Several.LARGEST;

      private Builder() {}

      public Builder several(Several value) {
        several = value;
        return this;
      }

      public Params build() {
        return new Params(several);
      }
    }
  }

  /**
   * @param cloneOf column of every cell's clone, {@link Categories#MISSING} for none
   * @param ofSeveral cells that belong to several clones
   * @param ofNone cells that belong to none
   */
  public record Result(int[] cloneOf, int ofSeveral, int ofNone) {}

  /**
   * @param membership cells by clones, finite and not negative
   * @param name of the matrix, for messages
   * @throws IllegalArgumentException names the first entry that is none
   */
  public static Result run(CsrMatrix membership, String name, Params params) {
    int[] cloneOf = new int[membership.nRows()];
    Arrays.fill(cloneOf, Categories.MISSING);
    int ofSeveral = 0;
    int ofNone = 0;
    for (int b = 0; b < membership.blockCount(); b++) {
      CsrMatrix.Block block = membership.block(b);
      for (int i = block.firstRow(); i < block.endRow(); i++) {
        double largest = 0;
        int found = 0;
        for (int p = block.start(i); p < block.end(i); p++) {
          double value = membershipOf(block, i, p, name);
          found += value > 0 ? 1 : 0;
          if (value > largest) {
            largest = value;
            cloneOf[i] = block.indices()[p];
          }
        }
        ofNone += found == 0 ? 1 : 0;
        if (found > 1) {
          ofSeveral++;
          cloneOf[i] = params.several() == Several.LARGEST ? cloneOf[i] : Categories.MISSING;
        }
      }
    }
    return new Result(cloneOf, ofSeveral, ofNone);
  }

  private static double membershipOf(CsrMatrix.Block block, int row, int at, String name) {
    double value = block.value(at);
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          name
              + " must hold memberships, finite numbers from 0, got "
              + value
              + " in row "
              + row
              + ", column "
              + block.indices()[at]);
    }
    return value;
  }
}
