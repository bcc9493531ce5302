package org.cellweave.neural.midas;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.cellweave.design.Categories;
import org.cellweave.integrate.FeatureBlock;
import org.cellweave.integrate.IntegrationInput;
import org.cellweave.integrate.MosaicPart;
import org.cellweave.integrate.MosaicParts;
import org.cellweave.matrix.CsrBuilder;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;
import org.cellweave.neural.data.CountRows;
import org.cellweave.neural.data.Counts;
import org.cellweave.neural.data.MatchedGenes;
import org.cellweave.neural.data.MatrixRows;
import org.cellweave.util.Check;
import org.cellweave.util.RefusedValueException;

/** Cells of a mosaic as a model reads them: by part, modality and piece. */
final class MosaicCells {
  static final String METHOD = "midas";

  private final List<Modality> modalities;
  private final List<Part> parts = new ArrayList<>();
  private final CountRows[][] rows;

  /** By modality; null where the input has all features of the model. */
  private final boolean[][] measured;

  private final int nCells;

  /**
   * Cells of one batch that have the same modalities.
   *
   * @param cells rows of the input
   * @param batch name of it
   * @param rows of every modality; null where the part has none
   */
  record Part(String name, int[] cells, String batch, int[][] rows) {
    boolean has(int modality) {
      return rows[modality] != null;
    }
  }

  /**
   * @param modalities of the model; blocks are matched by name, features too
   * @throws IllegalArgumentException for a block that the model does not know, or without cells
   * @throws RefusedValueException for what is no count
   */
  MosaicCells(IntegrationInput input, List<Modality> modalities) {
    this.modalities = modalities;
    this.nCells = input.nCells();
    this.rows = new CountRows[modalities.size()][];
    this.measured = new boolean[modalities.size()][];
    int[][] rowOf = new int[modalities.size()][nCells];
    for (int[] of : rowOf) {
      Arrays.fill(of, -1);
    }
    for (FeatureBlock block : input.blocks()) {
      requireCells(block);
      int m = place(block.name());
      take(m, block);
      for (int row = 0; row < block.x().nRows(); row++) {
        rowOf[m][block.cells() == null ? row : block.cells()[row]] = row;
      }
    }
    Categories batch = input.batch(METHOD);
    for (MosaicPart part : MosaicParts.of(input, METHOD)) {
      int[][] of = new int[modalities.size()][];
      for (int m = 0; m < of.length; m++) {
        int[] own = rowOf[m];
        of[m] =
            own[part.cells()[0]] < 0
                ? null
                : Arrays.stream(part.cells()).map(i -> own[i]).toArray();
      }
      parts.add(new Part(part.name(), part.cells(), batch.level(batch.code(part.cells()[0])), of));
    }
  }

  private static void requireCells(FeatureBlock block) {
    if (block.x().nRows() == 0 || block.x().nCols() == 0) {
      throw new IllegalArgumentException(
          METHOD
              + " needs cells and features of every modality, but "
              + block.name()
              + " has none; leave it out");
    }
  }

  private int place(String name) {
    for (int m = 0; m < modalities.size(); m++) {
      if (modalities.get(m).name().equals(name)) {
        return m;
      }
    }
    List<String> known = modalities.stream().map(Modality::name).toList();
    throw new IllegalArgumentException(
        "the model knows no modality '"
            + name
            + "', it has "
            + known
            + Check.suggestion(name, known));
  }

  private void take(int m, FeatureBlock block) {
    Modality modality = modalities.get(m);
    requireCounts(block);
    Matrix x = modality.isRegions() ? open(block.x()) : block.x();
    MatrixRows all = new MatrixRows(x, block.features());
    Set<String> here = new HashSet<>(List.of(block.features()));
    if (!here.containsAll(List.of(modality.features()))) {
      measured[m] = new boolean[modality.nFeatures()];
      int found = 0;
      for (int j = 0; j < modality.nFeatures(); j++) {
        measured[m][j] = here.contains(modality.features()[j]);
        found += measured[m][j] ? 1 : 0;
      }
      if (found == 0) {
        throw new IllegalArgumentException(
            block.name()
                + " has none of the model's "
                + modality.nFeatures()
                + " features, such as '"
                + modality.features()[0]
                + "'. Give it features of the same names");
      }
    }
    rows[m] = new CountRows[modality.nPieces()];
    for (int p = 0; p < rows[m].length; p++) {
      String[] wanted =
          Arrays.copyOfRange(modality.features(), modality.pieces()[p], modality.pieces()[p + 1]);
      rows[m][p] = Arrays.equals(wanted, block.features()) ? all : new MatchedGenes(all, wanted);
    }
  }

  private static void requireCounts(FeatureBlock block) {
    new MatrixRows(block.x())
        .forEach(
            (cell, genes, start, values, n) -> {
              for (int k = 0; k < n; k++) {
                double x = values[k];
                if (!(x >= 0 && x <= Float.MAX_VALUE) || x != Math.rint(x)) {
                  throw new RefusedValueException(
                      METHOD
                          + " reads counts, but "
                          + block.name()
                          + " holds "
                          + x
                          + " in row "
                          + cell
                          + ", of '"
                          + block.features()[genes[start + k]]
                          + "'. Give the layer with raw counts, as it was before normalisation",
                      cell,
                      genes[start + k],
                      x);
                }
              }
            });
  }

  /** Ones where there is any count. */
  private static Matrix open(Matrix x) {
    CsrBuilder out = new CsrBuilder(x.nCols(), DType.FLOAT32);
    Rows.of(x)
        .visit(
            0,
            x.nRows(),
            (cell, columns, start, values, n) -> {
              int[] kept = new int[n];
              int found = 0;
              for (int k = 0; k < n; k++) {
                if (values[k] > 0) {
                  kept[found++] = columns[start + k];
                }
              }
              double[] ones = new double[found];
              Arrays.fill(ones, 1);
              out.addRow(Arrays.copyOf(kept, found), ones, found);
            });
    return out.build();
  }

  int nCells() {
    return nCells;
  }

  List<Part> parts() {
    return parts;
  }

  /** Whether any cell has it. */
  boolean has(int modality) {
    return rows[modality] != null;
  }

  /** Features of the model that these cells have; null for all. */
  boolean[] measured(int modality, int piece) {
    Modality of = modalities.get(modality);
    return measured[modality] == null
        ? null
        : Arrays.copyOfRange(measured[modality], of.pieces()[piece], of.pieces()[piece + 1]);
  }

  /** Counts of cells of a part, by modality and piece; null where the part has no such modality. */
  Counts[][] counts(Part part, int[] members) {
    Counts[][] out = new Counts[modalities.size()][];
    for (int m = 0; m < out.length; m++) {
      if (part.has(m)) {
        int[] own = part.rows()[m];
        int[] chosen = Arrays.stream(members).map(i -> own[i]).toArray();
        out[m] = new Counts[rows[m].length];
        for (int p = 0; p < out[m].length; p++) {
          out[m][p] = new Counts(modalities.get(m).width(p));
          out[m][p].clear(chosen.length);
          rows[m][p].append(chosen, 0, chosen.length, out[m][p]);
        }
      }
    }
    return out;
  }
}
