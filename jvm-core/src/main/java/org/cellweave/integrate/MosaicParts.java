package org.cellweave.integrate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cellweave.design.Categories;
import org.cellweave.matrix.ColumnStack;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;

/** Cuts cells into parts: those of one batch that have the same blocks. */
public final class MosaicParts {
  private MosaicParts() {}

  private record Kind(int batch, BitSet blocks) {}

  /**
   * @return in the order of the batches; of one batch the part of its first cell first
   * @throws IllegalArgumentException for a block without names, names that repeat within a block,
   *     values that are not finite, and a cell that no block has
   */
  public static List<MosaicPart> of(IntegrationInput input, String method) {
    List<FeatureBlock> blocks = input.blocks();
    for (FeatureBlock block : blocks) {
      requireNames(block, method);
      Finite.require(block.x(), block.name(), method);
    }
    int[][] rowOf = rows(input);
    List<MosaicPart> parts = new ArrayList<>();
    for (Group group : groups(input, rowOf, method)) {
      parts.add(part(group.name, group.cells, group.kind, blocks, rowOf));
    }
    return parts;
  }

  /**
   * Cells of every part by its name, as {@link #of} cuts them; values are not looked at.
   *
   * @throws IllegalArgumentException for a cell that no block has
   */
  public static Map<String, int[]> cells(IntegrationInput input, String method) {
    Map<String, int[]> out = new LinkedHashMap<>();
    groups(input, rows(input), method).forEach(group -> out.put(group.name, group.cells));
    return out;
  }

  private record Group(String name, int[] cells, Kind kind) {}

  private static List<Group> groups(IntegrationInput input, int[][] rowOf, String method) {
    List<FeatureBlock> blocks = input.blocks();
    Categories batch = input.batch(method).complete();
    Map<Kind, List<Integer>> members = new LinkedHashMap<>();
    int[][] cellsOf = batch.members();
    for (int level = 0; level < cellsOf.length; level++) {
      for (int i : cellsOf[level]) {
        members.computeIfAbsent(kind(level, rowOf, i), k -> new ArrayList<>()).add(i);
      }
    }
    List<Group> groups = new ArrayList<>();
    for (var entry : members.entrySet()) {
      Kind kind = entry.getKey();
      int[] cells = entry.getValue().stream().mapToInt(Integer::intValue).toArray();
      if (kind.blocks.isEmpty()) {
        throw new IllegalArgumentException(
            method
                + " needs values of every cell, but cell "
                + cells[0]
                + " is in no block; leave it out");
      }
      long kinds = members.keySet().stream().filter(k -> k.batch == kind.batch).count();
      groups.add(new Group(name(batch, kind, blocks, kinds > 1), cells, kind));
    }
    return groups;
  }

  private static void requireNames(FeatureBlock block, String method) {
    if (block.features() == null) {
      throw new IllegalArgumentException(
          method
              + " matches features by their names, but "
              + block.name()
              + " has none; give its features");
    }
    Set<String> seen = new HashSet<>();
    for (String name : block.features()) {
      if (!seen.add(name)) {
        throw new IllegalArgumentException(
            method
                + " matches features by their names, but "
                + block.name()
                + " has '"
                + name
                + "' twice; make them unique");
      }
    }
  }

  /** Row of every cell in every block, -1 where it has none. */
  private static int[][] rows(IntegrationInput input) {
    int n = input.nCells();
    int[][] out = new int[input.blocks().size()][n];
    for (int b = 0; b < out.length; b++) {
      int[] cells = input.blocks().get(b).cells();
      Arrays.setAll(out[b], i -> cells == null ? i : -1);
      for (int row = 0; cells != null && row < cells.length; row++) {
        out[b][cells[row]] = row;
      }
    }
    return out;
  }

  private static Kind kind(int batch, int[][] rowOf, int cell) {
    BitSet blocks = new BitSet(rowOf.length);
    for (int b = 0; b < rowOf.length; b++) {
      blocks.set(b, rowOf[b][cell] >= 0);
    }
    return new Kind(batch, blocks);
  }

  private static String name(
      Categories batch, Kind kind, List<FeatureBlock> blocks, boolean several) {
    String name = batch.level(kind.batch);
    if (!several) {
      return name;
    }
    List<String> of = kind.blocks.stream().mapToObj(b -> blocks.get(b).name()).toList();
    return name + " (" + String.join(", ", of) + ")";
  }

  private static MosaicPart part(
      String name, int[] cells, Kind kind, List<FeatureBlock> blocks, int[][] rowOf) {
    Matrix x = null;
    List<String> features = new ArrayList<>();
    for (int b = kind.blocks.nextSetBit(0); b >= 0; b = kind.blocks.nextSetBit(b + 1)) {
      FeatureBlock block = blocks.get(b);
      int[] own = rowOf[b];
      Matrix rows = block.x().takeRows(Arrays.stream(cells).map(i -> own[i]).toArray());
      x = x == null ? rows : ColumnStack.of(x.toCsr(), rows.toCsr());
      for (String feature : block.features()) {
        // a gene and its protein may bear one name: they are two features
        features.add(block.name() + ": " + feature);
      }
    }
    return new MosaicPart(name, cells, x, features.toArray(new String[0]));
  }
}
