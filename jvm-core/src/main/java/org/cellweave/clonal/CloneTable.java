package org.cellweave.clonal;

import java.util.Arrays;
import java.util.Comparator;
import org.cellweave.design.Categories;
import org.cellweave.util.Check;

/**
 * The clones that are large enough, largest first; of equally large ones the one whose first cell
 * comes first.
 */
public final class CloneTable {
  private CloneTable() {}

  /**
   * @param minSize cells of a clone at least
   */
  public record Params(int minSize) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(minSize, "minSize");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private int minSize = 3;

      private Builder() {}

      public Builder minSize(int value) {
        minSize = value;
        return this;
      }

      public Params build() {
        return new Params(minSize);
      }
    }
  }

  /**
   * @param clones of the cells, in order of the table; cells of smaller clones have none
   * @param tooSmall number of clones left out
   */
  public record Result(Categories clones, int tooSmall) {}

  /**
   * @param labels of all cells, missing where a cell has no barcode
   * @throws IllegalArgumentException when no clone is large enough
   */
  public static Result run(Categories labels, Params params) {
    int[] firstCell = new int[labels.nLevels()];
    for (int i = labels.nCells() - 1; i >= 0; i--) {
      if (labels.code(i) >= 0) {
        firstCell[labels.code(i)] = i;
      }
    }
    Integer[] kept = new Integer[labels.nLevels()];
    Arrays.setAll(kept, level -> level);
    kept =
        Arrays.stream(kept)
            .filter(level -> labels.size(level) >= params.minSize())
            .sorted(
                Comparator.<Integer>comparingInt(level -> -labels.size(level))
                    .thenComparingInt(level -> firstCell[level]))
            .toArray(Integer[]::new);
    if (kept.length == 0) {
      throw new IllegalArgumentException(nothingLeft(labels, params));
    }
    int[] place = new int[labels.nLevels()];
    Arrays.fill(place, Categories.MISSING);
    String[] names = new String[kept.length];
    for (int c = 0; c < kept.length; c++) {
      place[kept[c]] = c;
      names[c] = labels.level(kept[c]);
    }
    int[] cloneOf = new int[labels.nCells()];
    Arrays.setAll(cloneOf, i -> labels.code(i) < 0 ? Categories.MISSING : place[labels.code(i)]);
    return new Result(new Categories(labels.name(), cloneOf, names), labels.used() - kept.length);
  }

  private static String nothingLeft(Categories labels, Params params) {
    if (labels.used() == 0) {
      return "no cell of "
          + labels.name()
          + " has a clone: all "
          + labels.nCells()
          + " labels are missing";
    }
    int largest = Arrays.stream(labels.sizes()).max().orElse(0);
    return "minSize must be at most "
        + largest
        + ", the cells of the largest of "
        + labels.used()
        + " clones in "
        + labels.name()
        + ", got "
        + params.minSize();
  }
}
