package org.cellweave.neural.data;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts with the genes of somebody else, in their order: genes that are not here count zero, those
 * that are not asked for are left out.
 */
public final class MatchedGenes implements CountRows {
  private final CountRows source;
  private final String[] genes;

  /** New place of every gene of the source; -1 for none. */
  private final int[] place;

  private final Counts part;
  private double[] counts = new double[0];
  private double[] kept = new double[0];
  private double[] values = new double[0];
  private int[] columns = new int[0];
  private long[] byPlace = new long[0];

  /**
   * @param source whose genes have names
   * @param genes that are asked for, distinct
   * @throws IllegalArgumentException when the source has no names, or one twice among those asked
   *     for
   */
  public MatchedGenes(CountRows source, String[] genes) {
    this(source, genes, places(source, genes));
  }

  private MatchedGenes(CountRows source, String[] genes, int[] place) {
    this.source = source;
    this.genes = genes;
    this.place = place;
    this.part = new Counts(source.nGenes());
  }

  private static int[] places(CountRows source, String[] genes) {
    String[] names = source.genes();
    if (names == null) {
      throw new IllegalArgumentException(
          "genes cannot be matched by name, because these counts have no gene names");
    }
    Map<String, Integer> wanted = new HashMap<>();
    for (int g = 0; g < genes.length; g++) {
      wanted.put(genes[g], g);
    }
    int[] place = new int[names.length];
    boolean[] found = new boolean[genes.length];
    for (int g = 0; g < place.length; g++) {
      place[g] = wanted.getOrDefault(names[g], -1);
      if (place[g] >= 0 && found[place[g]]) {
        throw new IllegalArgumentException(
            "gene '" + names[g] + "' occurs twice. Make gene names unique first");
      }
      if (place[g] >= 0) {
        found[place[g]] = true;
      }
    }
    return place;
  }

  /** Genes that are asked for and here. */
  public int found() {
    return (int) Arrays.stream(place).filter(p -> p >= 0).count();
  }

  @Override
  public int nCells() {
    return source.nCells();
  }

  @Override
  public int nGenes() {
    return genes.length;
  }

  @Override
  public String[] genes() {
    return genes;
  }

  @Override
  public MatchedGenes forThread() {
    return new MatchedGenes(source.forThread(), genes, place);
  }

  @Override
  public void append(int[] cells, int from, int to, Counts out) {
    part.clear(to - from);
    source.append(cells, from, to, part);
    for (int i = 0; i < part.cells(); i++) {
      int start = part.start()[i];
      int size = part.start()[i + 1] - start;
      reserve(size);
      if (counts.length < size) {
        counts = new double[2 * size];
      }
      for (int k = 0; k < size; k++) {
        counts[k] = part.value()[start + k];
      }
      out.append(columns, 0, values, matched(part.gene(), start, counts, size));
    }
  }

  /** The entries that have a place, by ascending place. */
  private int matched(int[] gene, int start, double[] of, int size) {
    int n = 0;
    for (int k = 0; k < size; k++) {
      int to = place[gene[start + k]];
      if (to >= 0) {
        byPlace[n] = (long) to << Integer.SIZE | n;
        kept[n++] = of[k];
      }
    }
    Arrays.sort(byPlace, 0, n);
    for (int k = 0; k < n; k++) {
      columns[k] = (int) (byPlace[k] >> Integer.SIZE);
      values[k] = kept[(int) byPlace[k]];
    }
    return n;
  }

  private void reserve(int size) {
    if (values.length < size) {
      values = new double[2 * size];
      kept = new double[2 * size];
      columns = new int[2 * size];
      byPlace = new long[2 * size];
    }
  }

  @Override
  public void forEach(Visitor visitor) {
    source.forEach(
        (cell, at, start, of, n) -> {
          reserve(n);
          visitor.cell(cell, columns, 0, values, matched(at, start, of, n));
        });
  }

  /** Refuses names that are not distinct. */
  public static String[] distinct(String[] genes) {
    Map<String, Integer> seen = new HashMap<>();
    for (String gene : genes) {
      if (seen.merge(gene, 1, Integer::sum) > 1) {
        throw new IllegalArgumentException(
            "gene names must be distinct, got '" + gene + "' twice. Make them unique first");
      }
    }
    return genes;
  }
}
