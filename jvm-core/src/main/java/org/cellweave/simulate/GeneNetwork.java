package org.cellweave.simulate;

import java.util.List;
import org.cellweave.util.Check;

/**
 * Genes that switch each other on and off by Boolean rules.
 *
 * @param genes in the order of the columns that a simulation gives
 */
public record GeneNetwork(List<Gene> genes) {
  private static final int MOST_INPUTS = 12;

  public GeneNetwork {
    genes = List.copyOf(genes);
    if (genes.isEmpty()) {
      throw new IllegalArgumentException("genes must not be empty");
    }
    for (Gene gene : genes) {
      for (Input input : gene.inputs()) {
        Check.index(input.gene(), genes.size(), "an input of " + gene.name());
      }
    }
  }

  /** Whether a gene is on, by whether its inputs are, in their order. */
  @FunctionalInterface
  public interface Rule {
    boolean on(boolean... inputs);
  }

  /**
   * @param gene position of the regulator
   * @param half level of the regulator at which it is half on
   */
  public record Input(int gene, double half) {
    public Input {
      Check.positive(half, "half");
    }
  }

  /**
   * @param name of the gene
   * @param start level at the beginning
   * @param rule when it is on
   * @param inputs genes that the rule asks
   */
  public record Gene(String name, double start, Rule rule, List<Input> inputs) {
    public Gene {
      inputs = List.copyOf(inputs);
      Check.inRange(start, 0, 1, "start of " + name);
      if (inputs.size() > MOST_INPUTS) {
        throw new IllegalArgumentException(
            name + " must have at most " + MOST_INPUTS + " inputs, got " + inputs.size());
      }
    }
  }

  private static final double START = 0.8;
  private static final double HALF = 0.1;

  /** Half-activation where one gene holds up another that is itself held down. */
  private static final double WEAK = 0.5;

  private static final double WEAKEST = 1.0;

  /**
   * The eleven transcription factors of myeloid differentiation with the rules of Krumsiek et al.
   * 2011 (doi:10.1371/journal.pone.0022649, table 1).
   *
   * <p>The paper has rules only. Half-activations are ours, chosen so that the levels of the four
   * fates are between 0 and 1 as the paper's are on or off, and so that each fate is reached.
   */
  public static GeneNetwork myeloid() {
    int gata2 = 0;
    int gata1 = 1;
    int fog1 = 2;
    int eklf = 3;
    int fli1 = 4;
    int scl = 5;
    int cebpa = 6;
    int pu1 = 7;
    int cjun = 8;
    int egrNab = 9;
    int gfi1 = 10;
    return new GeneNetwork(
        List.of(
            gene(
                "Gata2",
                START,
                in -> in[0] && !(in[1] && in[2]) && !in[3],
                at(gata2, HALF),
                at(gata1, WEAKEST),
                at(fog1, HALF),
                at(pu1, 0.0875)),
            gene(
                "Gata1",
                0,
                in -> (in[0] || in[1] || in[2]) && !in[3],
                at(gata1, WEAKEST),
                at(gata2, HALF),
                at(fli1, HALF),
                at(pu1, 0.0875)),
            gene("Fog1", 0, in -> in[0], at(gata1, WEAKEST)),
            gene("EKLF", 0, in -> in[0] && !in[1], at(gata1, WEAK), at(fli1, HALF)),
            gene("Fli1", 0, in -> in[0] && !in[1], at(gata1, WEAK), at(eklf, HALF)),
            gene("SCL", 0, in -> in[0] && !in[1], at(gata1, HALF), at(pu1, HALF)),
            gene(
                "Cebpa",
                START,
                in -> in[0] && !(in[1] && in[2] && in[3]),
                at(cebpa, 0.02),
                at(gata1, HALF),
                at(fog1, HALF),
                at(scl, HALF)),
            gene(
                "Pu.1",
                START,
                in -> (in[0] || in[1]) && !(in[2] || in[3]),
                at(cebpa, HALF),
                at(pu1, HALF),
                at(gata1, HALF),
                at(gata2, HALF)),
            gene("cJun", 0, in -> in[0] && !in[1], at(pu1, HALF), at(gfi1, HALF)),
            gene(
                "EgrNab",
                0,
                in -> in[0] && in[1] && !in[2],
                at(pu1, HALF),
                at(cjun, HALF),
                at(gfi1, HALF)),
            gene("Gfi1", 0, in -> in[0] && !in[1], at(cebpa, HALF), at(egrNab, 0.036))));
  }

  /**
   * Two genes that each keep themselves on and the other off, after the toggle switch of Gardner et
   * al. 2000 (doi:10.1038/35002131).
   */
  public static GeneNetwork toggleSwitch() {
    return new GeneNetwork(
        List.of(
            gene("0", START, in -> in[0] && !in[1], at(0, HALF), at(1, HALF)),
            gene("1", START, in -> in[0] && !in[1], at(1, HALF), at(0, HALF))));
  }

  private static Gene gene(String name, double start, Rule rule, Input... inputs) {
    return new Gene(name, start, rule, List.of(inputs));
  }

  private static Input at(int gene, double half) {
    return new Input(gene, half);
  }
}
