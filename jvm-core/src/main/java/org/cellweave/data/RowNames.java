package org.cellweave.data;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.cellweave.util.Check;
import org.cellweave.util.MissingKeyException;

/** Names of rows that must fit those of an object: rows go by their names, never by chance. */
public final class RowNames {
  private RowNames() {}

  /**
   * Refuses a table in the place of another one unless it has its names in its order, or entirely
   * other ones, which then become the names.
   *
   * @param slot "obs" or "var"
   * @throws IllegalArgumentException when the names are in another order, when only some are the
   *     same, or when the rows are merely numbered
   */
  static void requireFit(DataFrame table, DataFrame old, String slot) {
    Check.sameLength(
        table.nRows(),
        old.nRows(),
        slot,
        slot.equals("obs") ? "the number of cells" : "the number of genes");
    List<String> given = table.getNames();
    List<String> names = old.getNames();
    if (given.equals(names)) {
      return;
    }
    Set<String> known = new HashSet<>(names);
    Set<String> others = new HashSet<>(given);
    long shared = given.stream().filter(known::contains).count();
    int at = firstDifference(given, names);
    String where =
        "row "
            + at
            + " of the table is '"
            + given.get(at)
            + "', that of "
            + slot
            + " is '"
            + names.get(at)
            + "'";
    if (known.equals(others)) {
      throw new IllegalArgumentException(
          "a table for "
              + slot
              + " must have its names in its order, but "
              + where
              + "; use table.loc[adata."
              + slot
              + "Names]");
    }
    if (shared > 0) {
      throw new IllegalArgumentException(
          "a table for "
              + slot
              + " must have its names, but "
              + (given.size() - shared)
              + " of "
              + given.size()
              + " are other ones: "
              + where
              + "; give names by adata."
              + slot
              + "Names = names first");
    }
    if (isNumbered(given)) {
      throw new IllegalArgumentException(
          "a table for "
              + slot
              + " must have its names, but its rows are only numbered 0, 1, 2, ..., as after a merge"
              + " or resetIndex; "
              + "use table.setIndex(adata."
              + slot
              + "Names) when the rows are in that order, or table.setIndex(\"column\") with the"
              + " names");
    }
  }

  /**
   * Rows of a table in the order of other names.
   *
   * @param names of the rows that are asked for
   * @param table what holds them in any order
   * @param what the table, for messages
   * @throws IllegalArgumentException when names repeat in another order
   * @throws MissingKeyException when one is missing
   */
  public static int[] aligned(List<String> names, DataFrame table, String what) {
    List<String> given = table.getNames();
    int[] at = new int[names.size()];
    if (given.equals(names)) {
      java.util.Arrays.setAll(at, i -> i);
      return at;
    }
    return NameIndex.ofColumn(what + " index", given, given)
        .at(
            names,
            "Rows go by their names: use "
                + what
                + ".reindex(names) for missing values there, or a column such as "
                + what
                + "[\"x\"] to go by order.");
  }

  private static int firstDifference(List<String> a, List<String> b) {
    int i = 0;
    while (a.get(i).equals(b.get(i))) {
      i++;
    }
    return i;
  }

  private static boolean isNumbered(List<String> names) {
    for (int i = 0; i < names.size(); i++) {
      if (!Integer.toString(i).equals(names.get(i))) {
        return false;
      }
    }
    return true;
  }
}
