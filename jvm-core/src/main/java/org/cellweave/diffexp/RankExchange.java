package org.cellweave.diffexp;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.Exchange;
import org.cellweave.matrix.Rows;

/**
 * Ranks genes where the rows are: every range of rows sends its values, gene by gene, to those who
 * rank these genes, and scores and p-values alone come back.
 *
 * @param codes group of every cell
 * @param bounds first genes of the pieces, and the number of genes
 */
record RankExchange(int[] codes, int[] bounds, RankScores test)
    implements Exchange<RankExchange.Keys, RankExchange.Scores> {

  /**
   * Values of some genes.
   *
   * @param ends of each gene in {@code keys}
   * @param keys as {@link GeneSlices#key}, in no order within a gene
   */
  record Keys(int[] ends, long[] keys) implements Serializable {
    int start(int gene) {
      return gene == 0 ? 0 : ends[gene - 1];
    }
  }

  /**
   * One row per group wanted.
   *
   * @param scores of the genes of a piece
   */
  record Scores(double[][] scores, double[][] pvals) implements Serializable {
    /**
     * @param first gene of the piece
     */
    void put(int first, double[][] allScores, double[][] allPvals) {
      for (int w = 0; w < scores.length; w++) {
        System.arraycopy(scores[w], 0, allScores[w], first, scores[w].length);
        System.arraycopy(pvals[w], 0, allPvals[w], first, pvals[w].length);
      }
    }
  }

  @Override
  public int pieces() {
    return bounds.length - 1;
  }

  @Override
  public List<Keys> give(Rows rows, int from, int to) {
    CsrMatrix part = rows.part(from, to);
    int[] counts = new int[part.nCols()];
    GatheredGenes.count(part, 0, counts);
    List<Keys> out = new ArrayList<>();
    long[][] keys = new long[counts.length][];
    for (int piece = 0; piece < pieces(); piece++) {
      int first = bounds[piece];
      int[] ends = Arrays.copyOfRange(counts, first, bounds[piece + 1]);
      for (int k = 1; k < ends.length; k++) {
        ends[k] += ends[k - 1];
      }
      var empty = new Keys(ends, new long[ends[ends.length - 1]]);
      for (int k = 0; k < ends.length; k++) {
        keys[first + k] = empty.keys();
        counts[first + k] = empty.start(k);
      }
      out.add(empty);
    }
    GatheredGenes.fill(part, 0, codes, from, keys, counts);
    return out;
  }

  @Override
  public Scores work(int piece, List<Keys> parts) {
    int n = bounds[piece + 1] - bounds[piece];
    int groups = test.wanted().length;
    var out = new Scores(new double[groups][n], new double[groups][n]);
    var ranks = test.ranks();
    long[] keys = new long[0];
    for (int gene = 0; gene < n; gene++) {
      int size = 0;
      for (Keys part : parts) {
        size = Math.addExact(size, part.ends()[gene] - part.start(gene));
      }
      keys = keys.length < size ? new long[size] : keys;
      int at = 0;
      for (Keys part : parts) {
        int count = part.ends()[gene] - part.start(gene);
        System.arraycopy(part.keys(), part.start(gene), keys, at, count);
        at += count;
      }
      ranks.load(keys, 0, size);
      test.fill(ranks, gene, out.scores(), out.pvals());
    }
    return out;
  }
}
