package org.cellweave.simulate;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.random.Shuffle;
import org.cellweave.util.Check;
import org.cellweave.util.Progress;

/**
 * Counts of genes and of surface proteins in the same cells, of several types and batches.
 *
 * <p>Types, batches and genes are those of {@link BatchSimulator}; besides, cells of a type differ
 * by a few programs, each of which moves many genes. A protein follows the expected expression of
 * its gene, not the count, and what its type does to the protein alone; batches shift genes and
 * proteins each in their own way. Proteins are those of genes in which types differ, two of three,
 * and of others.
 *
 * <p>Cost: O(nCells * (nGenes + nProteins)) time, memory of the results. Every cell has its own
 * random streams, so that results do not depend on the number of threads.
 */
public final class CiteSeqSimulator {
  private CiteSeqSimulator() {}

  /**
   * @param cells cells, genes, types and batches, and the seed of everything
   * @param nProteins at most as many as genes
   * @param nPrograms ways in which cells of a type differ
   * @param programEffect standard deviation of a program's log fold changes, in a fifth of the
   *     genes
   * @param coupling how much of its gene's log fold change a protein follows, between 0 and 1
   * @param proteinDepth median number of counts of proteins in a cell
   */
  public record Params(
      BatchSimulator.Params cells,
      int nProteins,
      int nPrograms,
      double programEffect,
      double coupling,
      double proteinDepth) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(nProteins, "nProteins");
      Check.atMost(nProteins, cells.nGenes(), "nProteins");
      Check.nonNegative(nPrograms, "nPrograms");
      Check.nonNegative(programEffect, "programEffect");
      Check.inRange(coupling, 0, 1, "coupling");
      Check.positive(proteinDepth, "proteinDepth");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private BatchSimulator.Params cells =
          BatchSimulator.Params.builder().nCells(1200).nGenes(500).nBatches(3).depth(1000).build();
      private int nProteins = 60;
      private int nPrograms = 4;
      private double programEffect = 0.6;
      private double coupling = 0.7;
      private double proteinDepth = 1500;

      public Builder cells(BatchSimulator.Params value) {
        cells = value;
        return this;
      }

      public Builder nProteins(int value) {
        nProteins = value;
        return this;
      }

      public Builder nPrograms(int value) {
        nPrograms = value;
        return this;
      }

      public Builder programEffect(double value) {
        programEffect = value;
        return this;
      }

      public Builder coupling(double value) {
        coupling = value;
        return this;
      }

      public Builder proteinDepth(double value) {
        proteinDepth = value;
        return this;
      }

      public Params build() {
        return new Params(cells, nProteins, nPrograms, programEffect, coupling, proteinDepth);
      }
    }
  }

  /**
   * @param genes cells by genes
   * @param proteins the same cells by proteins
   * @param geneOf gene of every protein
   * @param batch batch of every cell
   * @param type cell type of every cell
   * @param programs how far every cell is in every program
   */
  public record Result(
      CsrMatrix genes,
      CsrMatrix proteins,
      int[] geneOf,
      int[] batch,
      int[] type,
      double[][] programs) {}

  public static Result run(Params params) {
    return run(params, Progress.NONE);
  }

  public static Result run(Params params, Progress progress) {
    var cells = params.cells();
    var random = new SplittableRandom(cells.seed());
    var ofGenes = Levels.of(cells, cells.nGenes(), -1.2, 2, random.split());
    double[][] types = BatchSimulator.typeEffects(cells, random.split());
    double[][] scores = normals(cells.nCells(), params.nPrograms(), 1, random.split());
    int[] batch = new int[cells.nCells()];
    int[] type = new int[cells.nCells()];
    var changes = new Changes(types, programs(params, random.split()), type, scores);
    BatchSimulator.assign(cells, batch, type, random.split());
    int[] geneOf = genesOfProteins(params, types, random.split());
    var ofProteins = Levels.of(cells, params.nProteins(), 0, 1, random.split());
    double own = (1 - params.coupling()) * cells.typeEffect();
    double[][] proteinTypes = normals(cells.nTypes(), params.nProteins(), own, random.split());
    CsrMatrix genes =
        new CountSampler(cells.depth(), cells.dispersion(), random.nextLong())
            .draw(
                cells.nCells(),
                cells.nGenes(),
                (cell, out) -> {
                  changes.of(cell, out);
                  ofGenes.addTo(out, batch[cell]);
                },
                progress);
    CsrMatrix proteins =
        new CountSampler(params.proteinDepth(), cells.dispersion(), random.nextLong())
            .draw(
                cells.nCells(),
                params.nProteins(),
                (cell, out) -> {
                  double[] change = new double[cells.nGenes()];
                  changes.of(cell, change);
                  for (int j = 0; j < out.length; j++) {
                    out[j] = params.coupling() * change[geneOf[j]] + proteinTypes[type[cell]][j];
                  }
                  ofProteins.addTo(out, batch[cell]);
                },
                progress);
    return new Result(genes, proteins, geneOf, batch, type, scores);
  }

  /** What a feature has in every cell of a batch. */
  private record Levels(double[] base, double[][] batches) {
    static Levels of(
        BatchSimulator.Params cells, int n, double mean, double sd, SplittableRandom random) {
      double[] base = BatchSimulator.normals(n, mean, sd, random);
      return new Levels(base, normals(cells.nBatches(), n, cells.batchEffect(), random));
    }

    void addTo(double[] out, int batch) {
      for (int g = 0; g < out.length; g++) {
        out[g] += base[g] + batches[batch][g];
      }
    }
  }

  /** Log fold changes of the genes of a cell by its type and its programs. */
  private record Changes(double[][] types, double[][] programs, int[] type, double[][] scores) {
    void of(int cell, double[] out) {
      System.arraycopy(types[type[cell]], 0, out, 0, out.length);
      for (int p = 0; p < programs.length; p++) {
        for (int g = 0; g < out.length; g++) {
          out[g] += scores[cell][p] * programs[p][g];
        }
      }
    }
  }

  private static double[][] normals(int rows, int columns, double sd, SplittableRandom random) {
    double[][] out = new double[rows][];
    Arrays.setAll(out, r -> BatchSimulator.normals(columns, 0, sd, random));
    return out;
  }

  private static double[][] programs(Params params, SplittableRandom random) {
    double[][] out = new double[params.nPrograms()][params.cells().nGenes()];
    for (double[] program : out) {
      for (int g = 0; g < program.length; g++) {
        boolean moved = random.nextInt(5) == 0;
        program[g] = moved ? params.programEffect() * random.nextGaussian() : 0;
      }
    }
    return out;
  }

  /** Two of three are among the genes in which types differ most, the others anywhere else. */
  private static int[] genesOfProteins(Params params, double[][] types, SplittableRandom random) {
    int nGenes = params.cells().nGenes();
    double[] spread = new double[nGenes];
    Arrays.setAll(spread, g -> spread(types, g));
    int[] order =
        IntStream.range(0, nGenes)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer g) -> -spread[g]))
            .mapToInt(Integer::intValue)
            .toArray();
    int marked = 2 * params.nProteins() / 3;
    int[] rest = Arrays.copyOfRange(order, marked, nGenes);
    Shuffle.draw(rest, rest.length, params.nProteins() - marked, random);
    System.arraycopy(rest, 0, order, marked, params.nProteins() - marked);
    return Arrays.copyOf(order, params.nProteins());
  }

  private static double spread(double[][] types, int gene) {
    double mean = Arrays.stream(types).mapToDouble(t -> t[gene]).sum() / types.length;
    return Arrays.stream(types).mapToDouble(t -> (t[gene] - mean) * (t[gene] - mean)).sum();
  }
}
